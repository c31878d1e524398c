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
  type MemberId,
  memberIdFromBytes,
  memberIdToBytes,
  parseMemberId,
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
  it("spells bytes in lower case and reads either", () => {
    expect(bytesToHex(Uint8Array.of(0, 10, 255))).toBe("000aff");
    expect(hexToBytes("000AfF")).toStrictEqual(Uint8Array.of(0, 10, 255));
  });

  it("gives back every byte string", () => {
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
  it("are equal in length and content only", () => {
    expect(bytesEqual(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true);
    expect(bytesEqual(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false);
    expect(bytesEqual(Uint8Array.of(1, 2), Uint8Array.of(1))).toBe(false);
  });

  it("are ordered as their hex is", () => {
    const property = fc.property(fc.uint8Array(), fc.uint8Array(), (a, b) => {
      const [hexA, hexB] = [bytesToHex(a), bytesToHex(b)];
      expect(Math.sign(compareBytes(a, b))).toBe(hexA < hexB ? -1 : hexA > hexB ? 1 : 0);
    });
    fc.assert(property);
  });

  it("are joined in order, into new memory", () => {
    const part = Uint8Array.of(1);
    const joined = concatBytes(part, Uint8Array.of(), Uint8Array.of(2, 3));
    part[0] = 9;
    expect(joined).toStrictEqual(Uint8Array.of(1, 2, 3));
    expect(concatBytes()).toStrictEqual(Uint8Array.of());
  });
});

describe("UTF-8", () => {
  it("gives back every text, a byte order mark included", () => {
    expect(bytesToUtf8(utf8ToBytes("\ufeffчат"))).toBe("\ufeffчат");
    const property = fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(bytesToUtf8(utf8ToBytes(text))).toBe(text);
    });
    fc.assert(property);
  });

  it("is not what does not decode", () => {
    expect(bytesToUtf8(Uint8Array.of(0xff))).toBeUndefined();
    expect(bytesToUtf8(Uint8Array.of(0xed, 0xa0, 0x80))).toBeUndefined();
  });
});

describe("a member id", () => {
  const address = "f39fd6e51aad88f6f4ce6ab8827279cfffb92266";

  it("is the identity's lower-case hex, and back", () => {
    const identity = Uint8Array.of(0xab, 0x01);
    expect(memberIdFromBytes(identity)).toBe("ab01");
    expect(memberIdToBytes(memberIdFromBytes(identity))).toStrictEqual(identity);
  });

  it.each([address, `0x${address}`, `0X${address.toUpperCase()}`])("is read from %s", (text) => {
    expect(parseMemberId(text)).toBe(address);
  });

  it.each(["", "0x", "alice", "0x1"])("is not read from %j", (text) => {
    expect(() => parseMemberId(text)).toThrowError(invalidMemberId);
  });

  it("that was forced by a cast gives no bytes", () => {
    expect(() => memberIdToBytes("alice" as MemberId)).toThrowError(invalidMemberId);
  });
});

describe("a DemlsError", () => {
  it("tells code, field, remedy and cause apart from the message", () => {
    const cause = new Error("disk full");
    const error = new DemlsError("not-stored", { message: "m", field: "storage", remedy: "r", cause });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: "DemlsError", code: "not-stored", message: "m", cause });
    expect(error).toMatchObject({ field: "storage", remedy: "r" });
  });

  it("has no cause where none was given", () => {
    expect("cause" in new DemlsError("c", { message: "m" })).toBe(false);
  });
});
