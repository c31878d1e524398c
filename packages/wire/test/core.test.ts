import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loadVectors } from "../../../vectors/load.js";
import {
  APP_MSG_SUBTOPIC,
  bytesEqual,
  bytesToHex,
  bytesToUtf8,
  compareBytes,
  concatBytes,
  CONVERSATION_VERSION,
  DemlsError,
  hexToBytes,
  isBytes,
  isWellFormed,
  type MemberId,
  memberIdFromBytes,
  memberIdToBytes,
  parseMemberId,
  requireTransport,
  settingsWith,
  type Transport,
  utf8ToBytes,
  WELCOME_SUBTOPIC,
} from "../src/core/index.js";

const constants = loadVectors<{
  readonly source: string;
  readonly subtopics: readonly string[];
  readonly conversation_version: string;
}>("00_constants.json");

const invalidMemberId = expect.objectContaining({ code: "invalid-member-id", field: "memberId" }) as Error;

describe("the packet's constants", () => {
  it("are those of de-mls 3.0.0", () => {
    expect(constants.source).toBe("de-mls 3.0.0");
    expect([APP_MSG_SUBTOPIC, WELCOME_SUBTOPIC]).toEqual([...constants.subtopics]);
    expect(CONVERSATION_VERSION).toBe(constants.conversation_version);
  });
});

describe("hex", () => {
  it("encodes bytes in lower case and decodes either case", () => {
    expect(bytesToHex(Uint8Array.of(0, 10, 255))).toBe("000aff");
    expect(hexToBytes("000AfF")).toStrictEqual(Uint8Array.of(0, 10, 255));
  });

  it("survives a round trip of any bytes", () => {
    const property = fc.property(fc.uint8Array(), (bytes) => {
      expect(hexToBytes(bytesToHex(bytes))).toEqual(bytes);
    });
    fc.assert(property);
  });

  it.each(["0", "0g", " 00", "0x00", "00\n"])("is not %j", (text) => {
    expect(hexToBytes(text)).toBeUndefined();
  });
});

describe("byte strings", () => {
  it("are equal only in length and content", () => {
    expect(bytesEqual(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true);
    expect(bytesEqual(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false);
    expect(bytesEqual(Uint8Array.of(1, 2), Uint8Array.of(1))).toBe(false);
  });

  it("are ordered like their hex", () => {
    const property = fc.property(fc.uint8Array(), fc.uint8Array(), (a, b) => {
      const [hexA, hexB] = [bytesToHex(a), bytesToHex(b)];
      expect(Math.sign(compareBytes(a, b))).toBe(hexA < hexB ? -1 : hexA > hexB ? 1 : 0);
    });
    fc.assert(property);
  });

  it("are concatenated in order, into new memory", () => {
    const part = Uint8Array.of(1);
    const joined = concatBytes(part, Uint8Array.of(), Uint8Array.of(2, 3));
    part[0] = 9;
    expect(joined).toStrictEqual(Uint8Array.of(1, 2, 3));
    expect(concatBytes()).toStrictEqual(Uint8Array.of());
  });
});

describe("a byte string", () => {
  it.each([new Uint8Array(), Buffer.from("a")])("is %o", (value) => {
    expect(isBytes(value)).toBe(true);
  });

  it.each([undefined, null, "00", [0], new ArrayBuffer(1), new Uint16Array(1)])("is not %o", (value) => {
    expect(isBytes(value)).toBe(false);
  });
});

describe("settings", () => {
  const defaults = { least: 1, most: 2 };

  it("are the defaults with overrides, and an undefined override keeps the default", () => {
    expect(settingsWith(defaults, { most: 5 }, "c")).toEqual({ least: 1, most: 5 });
    const loose = { least: undefined, most: 5 } as unknown as typeof defaults;
    expect(settingsWith(defaults, loose, "c")).toEqual({ least: 1, most: 5 });
    expect(settingsWith(defaults, undefined as never, "c")).toEqual(defaults);
    expect(defaults).toEqual({ least: 1, most: 2 });
  });

  it.each(["mots", "toString", "__proto__"])(
    "are rejected with an unknown one, %s, which is named",
    (field) => {
      const given = Object.fromEntries([[field, 1]]);
      expect(() => settingsWith(defaults, given, "invalid-thing")).toThrowError(
        expect.objectContaining({
          code: "invalid-thing",
          field,
          remedy: "Set any of least, most, or nothing.",
        }) as Error,
      );
    },
  );
});

describe("a transport", () => {
  const publish = async (): Promise<void> => undefined;
  const subscribe = async () => () => undefined;

  it("can publish and subscribe", () => {
    const transport: Transport = { publish, subscribe };
    expect(requireTransport(transport)).toBe(transport);
  });

  it.each([undefined, null, {}, { publish }, { subscribe }, { publish, subscribe: true }, "radio"])(
    "is not %o",
    (given) => {
      expect(() => requireTransport(given as never)).toThrowError(
        expect.objectContaining({
          code: "missing-transport",
          field: "transport",
          remedy: expect.stringContaining("network.join()"),
        }) as Error,
      );
    },
  );
});

describe("UTF-8", () => {
  it("cannot be encoded with a lone surrogate", () => {
    expect(["", "ß😀", "\ud83d\ude00"].map(isWellFormed)).toEqual([true, true, true]);
    expect(["\ud83d", "a\ude00", "\ude00\ud83d"].map(isWellFormed)).toEqual([false, false, false]);
  });

  it("survives a round trip of any text, a byte order mark included", () => {
    expect(bytesToUtf8(utf8ToBytes("\ufeffчат"))).toBe("\ufeffчат");
    const property = fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(bytesToUtf8(utf8ToBytes(text))).toBe(text);
    });
    fc.assert(property);
  });

  it("is not decoded from invalid bytes", () => {
    expect(bytesToUtf8(Uint8Array.of(0xff))).toBeUndefined();
    expect(bytesToUtf8(Uint8Array.of(0xed, 0xa0, 0x80))).toBeUndefined();
  });
});

describe("a member id", () => {
  const address = "f39fd6e51aad88f6f4ce6ab8827279cfffb92266";

  it("is the identity's lower-case hex, and converts back", () => {
    const identity = Uint8Array.of(0xab, 0x01);
    expect(memberIdFromBytes(identity)).toBe("ab01");
    expect(memberIdToBytes(memberIdFromBytes(identity))).toStrictEqual(identity);
  });

  it.each([address, `0x${address}`, `0X${address.toUpperCase()}`])("is parsed from %s", (text) => {
    expect(parseMemberId(text)).toBe(address);
  });

  it.each(["", "0x", "alice", "0x1"])("is not parsed from %j", (text) => {
    expect(() => parseMemberId(text)).toThrowError(invalidMemberId);
  });

  it.each(["alice", `0x${address}`, undefined, 7, null])("cast from %j has no bytes", (given) => {
    expect(() => memberIdToBytes(given as MemberId)).toThrowError(invalidMemberId);
  });

  it("that is invalid is rejected with advice to parse one", () => {
    for (const read of [() => parseMemberId(undefined as never), () => memberIdToBytes("0x1" as MemberId)]) {
      expect(read).toThrowError(
        expect.objectContaining({ remedy: expect.stringContaining("parseMemberId") }) as Error,
      );
    }
  });
});

describe("a DemlsError", () => {
  it("has code, field, remedy and cause apart from the message", () => {
    const cause = new Error("disk full");
    const error = new DemlsError("not-stored", { message: "m", field: "storage", remedy: "r", cause });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: "DemlsError", code: "not-stored", message: "m", cause });
    expect(error).toMatchObject({ field: "storage", remedy: "r" });
  });

  it("has no cause if none was given", () => {
    expect("cause" in new DemlsError("c", { message: "m" })).toBe(false);
  });
});
