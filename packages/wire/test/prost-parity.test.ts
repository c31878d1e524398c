import { describe, expect, it } from "vitest";
import {
  bytesToHex,
  concatBytes,
  type ConversationUpdateRequest,
  decodeAppMessage,
  decodeConversationUpdateRequest,
  encodeAppMessage,
  hexToBytes,
} from "../src/index.js";

// The expected results were recorded by running prost 0.13.5 on these bytes.

function bytes(hex: string): Uint8Array {
  return hexToBytes(hex.replaceAll(" ", "")) as Uint8Array;
}

/** Decodes an AppMessage and encodes the result; undefined if the bytes are rejected. */
function reencoded(hex: string): string | undefined {
  const decoded = decodeAppMessage(bytes(hex));
  return decoded.ok ? bytesToHex(encodeAppMessage(decoded.value)) : undefined;
}

/** `inner` within `depth` nested groups of field 116. */
function nestedGroups(depth: number, inner = ""): string {
  return "a307".repeat(depth) + inner + "a407".repeat(depth);
}

describe("accepted as by prost", () => {
  it.each([
    ["no bytes are no message", "", ""],
    ["an unknown oneof member is no message", "a2 07 00", ""],
    ["an unknown group is skipped", "32 02 08 05 a3 07 08 01 a4 07", "32 02 08 05"],
    ["a group in a group is skipped", "a3 07 ab 07 ac 07 a4 07", ""],
    ["100 groups inside each other are skipped", nestedGroups(100), ""],
    ["a field within 99 groups is skipped", nestedGroups(99, "08 01"), ""],
    ["a varint of ten bytes is 64 bits", "2a 0c e0 02 ff ff ff ff ff ff ff ff ff 01", undefined],
    ["a key of six bytes counts where its value fits", "b2 80 80 80 80 00 02 08 05", "32 02 08 05"],
    ["a length of seven bytes counts where its value fits", "32 82 80 80 80 80 80 00 08 05", "32 02 08 05"],
    ["of a uint32 the low 32 bits count", "32 0b 08 85 80 80 80 80 80 80 80 80 01", "32 02 08 05"],
    ["a bool is true by its high bits too", "32 06 10 80 80 80 80 10", "32 02 10 01"],
    ["of a scalar given twice the last counts, and a default clears", "32 04 08 05 08 00", "32 00"],
    ["a byte order mark stays in a string", "32 05 1a 03 ef bb bf", "32 05 1a 03 ef bb bf"],
    ["a member given twice is merged", "32 02 08 05 32 02 10 01", "32 04 08 05 10 01"],
    ["a member does not outlive another in between", "32 02 08 05 12 00 32 02 10 01", "32 02 10 01"],
    ["a message field given twice is merged", "4a 08 3a 02 08 05 3a 02 10 06", "4a 06 3a 04 08 05 10 06"],
    ["repeated fields are collected over both", "42 03 12 01 aa 42 03 12 01 bb", "42 06 12 01 aa 12 01 bb"],
    ["an empty message in a field is kept", "3a 08 0a 04 72 6f 6f 6d 12 00", undefined],
    ["an absent one is not", "3a 06 0a 04 72 6f 6f 6d", undefined],
    ["an empty message within an empty one is kept", "3a 06 12 04 1a 02 0a 00", undefined],
    ["a message of unknown fields alone is an empty one", "3a 05 12 03 a2 07 00", "3a 02 12 00"],
    ["two empty messages in a field are one", "3a 04 12 00 12 00", "3a 02 12 00"],
  ])("%s", (_fact, hex, expected = hex) => {
    expect(reencoded(hex)).toBe(expected.replaceAll(" ", ""));
  });
});

describe("rejected as by prost", () => {
  it.each([
    ["a known field of another wire type", "32 05 0d 00 00 00 00"],
    ["a known message as a group", "33 34"],
    ["a wire type that does not exist", "36"],
    ["the end of a group that was never begun", "a4 07"],
    ["a group without an end", "a3 07 08 01"],
    ["a group that another one's end closes", "a3 07 ac 07"],
    ["101 groups inside each other", nestedGroups(101)],
    ["a field within 100 groups", nestedGroups(100, "08 01")],
    ["field number 0 in a group", "a3 07 00 00 a4 07"],
    ["a key above 32 bits", "b2 80 80 80 10 00"],
    ["an eleventh varint byte", "32 0c 08 ff ff ff ff ff ff ff ff ff ff 01"],
    ["a tenth varint byte above 1", "32 0b 08 ff ff ff ff ff ff ff ff ff 02"],
    ["a varint above 64 bits in a skipped field", "a0 06 ff ff ff ff ff ff ff ff ff 02"],
    ["a varint without an end", "32 02 08 80"],
    ["a field that runs out of its message", "32 03 1a 02 61 61"],
    ["a message that is longer than the bytes", "32 05 08 05"],
    ["a length of 33 bits whose low ones fit", "32 82 80 80 80 10 08 05"],
    ["an overlong UTF-8 encoding", "32 04 1a 02 c0 80"],
    ["an encoded surrogate", "32 05 1a 03 ed a0 80"],
    ["UTF-8 that stops midway, in a long string", `32 42 1a 40 ${"61".repeat(63)} c3`],
  ])("%s", (_fact, hex) => {
    expect(decodeAppMessage(bytes(hex))).toStrictEqual({ ok: false, reason: "malformed" });
  });
});

describe("a decoded value", () => {
  const request: ConversationUpdateRequest = { kind: "remove_member", identity: bytes("0102") };
  const encoded = bytes("12 04 0a 02 01 02");

  it("does not change with its packet", () => {
    const packet = encoded.slice();
    const decoded = decodeConversationUpdateRequest(packet);
    packet.fill(0xff);
    expect(decoded).toStrictEqual({ ok: true, value: request });
  });

  it("does not keep its packet in memory", () => {
    const decoded = decodeConversationUpdateRequest(concatBytes(encoded, bytes("a2 07 02 00 00")));
    if (!decoded.ok || decoded.value.kind !== "remove_member") throw new Error("not decoded");
    expect(decoded.value.identity.buffer.byteLength).toBe(2);
  });

  it("has plain arrays even if the packet is a Node Buffer", () => {
    expect(decodeConversationUpdateRequest(Buffer.from(encoded))).toStrictEqual({ ok: true, value: request });
    const empty = decodeConversationUpdateRequest(Buffer.from("1200", "hex"));
    expect(empty).toStrictEqual({ ok: true, value: { ...request, identity: new Uint8Array(0) } });
  });
});
