import type { OpenOutcome, OpenResult, SealResult } from "@demls/mls";
import type { FakeContext } from "./context.js";
import { withCurrent, type FakeGroup } from "./group.js";
import { messageFields, parseSealedMessage, sealMessage, unseal } from "./sealed-message.js";

/** See `MlsService.seal`. */
export function seal(context: FakeContext, group: FakeGroup, plaintext: Uint8Array): SealResult {
  const { current, ownLeaf } = group.state;
  const { bytes, epoch, generation } = sealMessage(current, group.groupId, "application", ownLeaf, plaintext);
  context.generations?.note(bytes);
  return { group: withCurrent(group, epoch), message: bytes, generation };
}

/** See `MlsService.open`. */
export function open(group: FakeGroup, bytes: Uint8Array): OpenResult {
  const ended = (outcome: OpenOutcome): OpenResult => ({ group, outcome });
  const message = parseSealedMessage(bytes);
  if (message === undefined) {
    const isOther = messageFields(bytes) !== undefined;
    return ended(
      isOther ? { kind: "ignored", reason: "other-kind" } : { kind: "rejected", reason: "malformed" },
    );
  }
  if (message.groupId !== group.groupId) return ended({ kind: "ignored", reason: "other-group" });
  if (message.kind !== "application") return ended({ kind: "ignored", reason: "handshake" });
  const { current, past, ownLeaf } = group.state;
  const epoch = [current, past].find((known) => known?.number === message.epoch);
  if (epoch === undefined) return ended({ kind: "otherEpoch", epoch: message.epoch });
  const read = unseal(epoch, message, ownLeaf);
  if (!read.ok) {
    const { reason } = read;
    return ended(reason === "own-message" ? { kind: "ignored", reason } : { kind: "rejected", reason });
  }
  const { leaf: leafIndex, generation, body: plaintext } = message;
  const sender = epoch.leaves[leafIndex]?.member;
  if (sender === undefined) return ended({ kind: "rejected", reason: "undecryptable" });
  const spent =
    epoch === current
      ? withCurrent(group, read.epoch)
      : { ...group, state: { ...group.state, past: read.epoch } };
  return {
    group: spent,
    outcome: { kind: "application", sender, leafIndex, generation, plaintext, epoch: message.epoch },
  };
}
