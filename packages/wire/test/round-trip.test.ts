import fc from "fast-check";
import { expect, it } from "vitest";
import {
  type Decoded,
  decodeAppMessage,
  decodeConversationUpdateRequest,
  decodeProposal,
  decodeRepairMessage,
  decodeRepairPacket,
  decodeSignedRepairMessage,
  decodeVote,
  decodeWelcomeMessage,
  encodeAppMessage,
  encodeConversationUpdateRequest,
  encodeProposal,
  encodeRepairMessage,
  encodeRepairPacket,
  encodeSignedRepairMessage,
  encodeVote,
  encodeWelcomeMessage,
} from "../src/index.js";
import {
  arbitraryAppMessage,
  arbitraryProposal,
  arbitraryRepairMessage,
  arbitraryRepairPacket,
  arbitrarySignedRepairMessage,
  arbitraryUpdateRequest,
  arbitraryVote,
  arbitraryWelcomeMessage,
} from "./arbitraries.js";

function expectRoundTrip<T>(
  values: fc.Arbitrary<T>,
  encode: (value: T) => Uint8Array,
  decode: (bytes: Uint8Array) => Decoded<T>,
): void {
  const property = fc.property(values, (value) => {
    expect(decode(encode(value))).toEqual({ ok: true, value });
  });
  fc.assert(property, { numRuns: 300 });
}

it("decodes every app message to the value that was encoded", () => {
  expectRoundTrip(arbitraryAppMessage, encodeAppMessage, decodeAppMessage);
});

it("decodes every welcome message to the value that was encoded", () => {
  expectRoundTrip(arbitraryWelcomeMessage, encodeWelcomeMessage, decodeWelcomeMessage);
});

it("decodes every update request to the value that was encoded", () => {
  expectRoundTrip(arbitraryUpdateRequest, encodeConversationUpdateRequest, decodeConversationUpdateRequest);
});

it("decodes every proposal to the value that was encoded", () => {
  expectRoundTrip(arbitraryProposal, encodeProposal, decodeProposal);
});

it("decodes every vote to the value that was encoded", () => {
  expectRoundTrip(arbitraryVote, encodeVote, decodeVote);
});

it("decodes every repair packet, signed repair message and repair message to the value that was encoded", () => {
  expectRoundTrip(arbitraryRepairPacket, encodeRepairPacket, decodeRepairPacket);
  expectRoundTrip(arbitrarySignedRepairMessage, encodeSignedRepairMessage, decodeSignedRepairMessage);
  expectRoundTrip(arbitraryRepairMessage, encodeRepairMessage, decodeRepairMessage);
});
