import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  bytesToHex,
  concatBytes,
  decodeAppMessage,
  decodeConversationUpdateRequest,
  decodeProposal,
  decodeRepairMessage,
  decodeRepairPacket,
  decodeSignedRepairMessage,
  decodeVote,
  decodeWelcomeMessage,
  MAX_PACKET_BYTES,
  encodeAppMessage,
} from "../src/index.js";
import { arbitraryAppMessage } from "./arbitraries.js";

const decoders = [
  decodeAppMessage,
  decodeWelcomeMessage,
  decodeConversationUpdateRequest,
  decodeProposal,
  decodeVote,
  decodeRepairPacket,
  decodeSignedRepairMessage,
  decodeRepairMessage,
];

const arbitraryEncoding = arbitraryAppMessage.map(encodeAppMessage);

function expectOutcome(bytes: Uint8Array): void {
  for (const decode of decoders) expect(typeof decode(bytes).ok).toBe("boolean");
}

describe("decoding never throws", () => {
  it("for any bytes", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), expectOutcome), { numRuns: 500 });
  });

  it("for a message with changed bytes", () => {
    const change = fc.tuple(fc.nat(), fc.nat(255));
    const property = fc.property(
      arbitraryEncoding,
      fc.array(change, { minLength: 1, maxLength: 4 }),
      (bytes, changes) => {
        for (const [at, byte] of changes) if (bytes.length > 0) bytes[at % bytes.length] = byte;
        expectOutcome(bytes);
      },
    );
    fc.assert(property, { numRuns: 500 });
  });

  it("for a truncated message, and never accepts its part as a whole", () => {
    const property = fc.property(arbitraryEncoding, fc.nat(), (bytes, cut) => {
      fc.pre(bytes.length > 0);
      const part = bytes.subarray(0, cut % bytes.length);
      expectOutcome(part);
      // An AppMessage has one field, so every non-empty part ends inside it.
      expect(decodeAppMessage(part).ok).toBe(part.length === 0);
    });
    fc.assert(property, { numRuns: 300 });
  });

  it("and accepted values survive a round trip", () => {
    const property = fc.property(
      fc.uint8Array({ maxLength: 40 }),
      fc.integer({ min: 1, max: 9 }),
      (body, field) => {
        const bytes = concatBytes(Uint8Array.of((field << 3) | 2, body.length), body);
        const decoded = decodeAppMessage(bytes);
        if (decoded.ok) expect(decodeAppMessage(encodeAppMessage(decoded.value))).toStrictEqual(decoded);
      },
    );
    fc.assert(property, { numRuns: 1000 });
  });
});

describe("the cost of a packet", () => {
  /** A proposal of `count` votes without fields, of two bytes each: the most elements per byte. */
  const emptyVotes = (count: number) => new Uint8Array(2 * count).map((_, i) => (i % 2 === 0 ? 0x72 : 0x00));

  it("is bounded at 1 MiB by default", () => {
    expect(MAX_PACKET_BYTES).toBe(1_048_576);
    const tooLong = new Uint8Array(MAX_PACKET_BYTES + 1);
    for (const decode of decoders) expect(decode(tooLong)).toStrictEqual({ ok: false, reason: "too-large" });
  });

  it("is bounded to the byte by the caller's limit", () => {
    const bytes = encodeAppMessage({
      kind: "ban_request",
      userToBan: new Uint8Array(50),
      conversationName: "g",
    });
    expect(decodeAppMessage(bytes, { maxBytes: bytes.length }).ok).toBe(true);
    const refused = decodeAppMessage(bytes, { maxBytes: bytes.length - 1 });
    expect(refused).toStrictEqual({ ok: false, reason: "too-large" });
    const large = encodeAppMessage({
      kind: "ban_request",
      userToBan: new Uint8Array(MAX_PACKET_BYTES),
      conversationName: "g",
    });
    expect(decodeAppMessage(large).ok).toBe(false);
    expect(decodeAppMessage(large, { maxBytes: large.length }).ok).toBe(true);
  });

  it.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])("cannot be limited to %d bytes", (maxBytes) => {
    const error = { code: "invalid-limit", field: "maxBytes" };
    expect(() => decodeVote(new Uint8Array(0), { maxBytes })).toThrowError(
      expect.objectContaining(error) as Error,
    );
  });

  it.each([
    ["a string", "0a06 12 ffffffff0f"],
    ["bytes", "0a06 0a ffffffff0f"],
    ["a message", "0a ffffffff0f"],
    ["a skipped field", "a206 ffffffff0f"],
    ["a length of 64 bits", "0a ffffffffffffffffff01"],
  ])("does not grow with a claimed length of 4 GiB: %s", (_what, hex) => {
    const bytes = Uint8Array.from(Buffer.from(hex.replaceAll(" ", ""), "hex"));
    const before = process.memoryUsage().arrayBuffers;
    expect(decodeAppMessage(bytes)).toStrictEqual({ ok: false, reason: "malformed" });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000);
  });

  it("is at most one element of a repeated field per two bytes", () => {
    const decoded = decodeProposal(emptyVotes(1000));
    expect(decoded.ok && decoded.value.votes.length).toBe(1000);
    const overLimit = decodeProposal(emptyVotes(1000), { maxBytes: 1999 });
    expect(overLimit).toStrictEqual({ ok: false, reason: "too-large" });
  });

  it("is no allocation for empty byte strings, which share one array", () => {
    const decoded = decodeProposal(emptyVotes(2));
    if (!decoded.ok) throw new Error("not decoded");
    const [first, second] = decoded.value.votes;
    expect(first?.signature).toBe(second?.voteOwner);
    expect(bytesToHex(first?.signature ?? Uint8Array.of(1))).toBe("");
  });
});
