import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  bytesToHex,
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
import { arbitraryEncoding, messagePathsOf, messageType, nestedEncoding } from "./canonical-encodings.js";

/** Decodes bytes and encodes the result; undefined if they are rejected. */
type Reencode = (bytes: Uint8Array) => Uint8Array | undefined;

function reencoding<T>(
  decode: (bytes: Uint8Array) => Decoded<T>,
  encode: (value: T) => Uint8Array,
): Reencode {
  return (bytes) => {
    const decoded = decode(bytes);
    return decoded.ok ? encode(decoded.value) : undefined;
  };
}

const codecs: readonly (readonly [string, Reencode])[] = [
  ["de_mls.messages.v1.AppMessage", reencoding(decodeAppMessage, encodeAppMessage)],
  ["de_mls.messages.v1.WelcomeMessage", reencoding(decodeWelcomeMessage, encodeWelcomeMessage)],
  [
    "de_mls.messages.v1.ConversationUpdateRequest",
    reencoding(decodeConversationUpdateRequest, encodeConversationUpdateRequest),
  ],
  ["consensus.v1.Proposal", reencoding(decodeProposal, encodeProposal)],
  ["consensus.v1.Vote", reencoding(decodeVote, encodeVote)],
  ["de_mls.messages.v1.RepairPacket", reencoding(decodeRepairPacket, encodeRepairPacket)],
  ["de_mls.messages.v1.RepairMessage", reencoding(decodeSignedRepairMessage, encodeSignedRepairMessage)],
  ["de_mls.messages.v1.RepairBody", reencoding(decodeRepairMessage, encodeRepairMessage)],
];

function hex(bytes: Uint8Array | undefined): string | undefined {
  return bytes && bytesToHex(bytes);
}

describe.each(codecs)("%s", (name, reencode) => {
  const type = messageType(name);

  it("is encoded as it was decoded, whether its messages are absent, empty or filled", () => {
    const property = fc.property(arbitraryEncoding(type), (bytes) => {
      expect(hex(reencode(bytes))).toBe(hex(bytes));
    });
    fc.assert(property, { numRuns: 500 });
  });

  const paths = messagePathsOf(type).map(
    (path) => [path.map((field) => field.name).join("."), path] as const,
  );
  if (paths.length === 0) return;
  it.each(paths)("keeps an empty %s, and an absent one", (_path, path) => {
    for (const present of [path, path.slice(0, -1)]) {
      const bytes = nestedEncoding(present);
      expect(hex(reencode(bytes))).toBe(hex(bytes));
    }
  });
});

it("distinguishes an empty request of proposal_added from an absent one", () => {
  const withRequest = decodeAppMessage(nestedEncoding(pathTo("proposal_added", "request")));
  const without = decodeAppMessage(nestedEncoding(pathTo("proposal_added")));
  const added = { kind: "proposal_added", conversationId: "" };
  expect(withRequest).toEqual({ ok: true, value: { ...added, request: { kind: "empty" } } });
  expect(without).toStrictEqual({ ok: true, value: { ...added, request: undefined } });
});

function pathTo(...names: readonly string[]) {
  const paths = messagePathsOf(messageType("de_mls.messages.v1.AppMessage"));
  const found = paths.find((path) => path.map(({ name }) => name).join() === names.join());
  if (found === undefined) throw new Error(`The schema has no ${names.join(".")}.`);
  return found;
}
