import { decodeWelcomeMessage, encodeWelcomeMessage } from "@demls/wire";
import { DemlsError, memberIdToBytes, WELCOME_SUBTOPIC, type Packet } from "@demls/wire/core";
import { checkKeyPackage } from "../voting/key-package-check.js";
import { ignored, rejected, accepted, type InboundOutcome } from "../model/inbound-outcome.js";
import { bufferPendingUpdate, promotePendingUpdates } from "../voting/pending-updates.js";
import { syncScoredMembers } from "../stewards/scores.js";
import { emit, enqueue, enterPhase, policyOf, update, type Transaction } from "../model/transaction.js";

/** Takes what comes on the welcome subtopic: a joiner's key package, or the invitation to one. */
export async function receiveWelcomePacket(tx: Transaction, packet: Packet): Promise<InboundOutcome> {
  const decoded = decodeWelcomeMessage(packet.payload);
  if (!decoded.ok) return rejected("malformed-packet", decoded.reason);
  switch (decoded.value.kind) {
    case "user_key_package":
      return receiveKeyPackage(tx, decoded.value.keyPackageBytes);
    case "invitation_to_join":
      return receiveInvitation(tx, decoded.value.mlsMessageOutBytes);
    case "empty":
      return ignored("empty-message");
  }
}

/**
 * Hands out a key package, by which this member can be let in.
 *
 * @throws DemlsError `already-joined` where the join is not pending.
 */
export function announceKeyPackage(tx: Transaction, keyPackage: Uint8Array): void {
  if (tx.state.phase !== "pending-join") {
    throw new DemlsError("already-joined", {
      message: "A key package is announced only while a join is pending.",
      remedy: "Nothing to do: this member is in the conversation, or has left it.",
    });
  }
  const message = { kind: "user_key_package", keyPackageBytes: keyPackage } as const;
  enqueue(tx, encodeWelcomeMessage(message), WELCOME_SUBTOPIC);
}

/**
 * A key package is verified before anything is done with it: it comes from outside the group, and
 * whoever sends one can be anybody (weakness W31).
 */
async function receiveKeyPackage(tx: Transaction, keyPackage: Uint8Array): Promise<InboundOutcome> {
  const { group } = tx.state;
  if (group === undefined) return ignored("not-joined");
  const check = await checkKeyPackage(tx, keyPackage);
  if (!check.ok) {
    return check.reason === "already-member"
      ? ignored("already-a-member")
      : rejected("invalid-key-package", check.reason);
  }
  const buffered = bufferPendingUpdate(tx, {
    kind: "invite_member",
    keyPackageBytes: keyPackage,
    identity: memberIdToBytes(check.identity),
  });
  if (buffered !== "noted") return ignored(buffered);
  await promotePendingUpdates(tx);
  return accepted("key-package", undefined);
}

async function receiveInvitation(tx: Transaction, welcome: Uint8Array): Promise<InboundOutcome> {
  const { env, state } = tx;
  if (state.phase !== "pending-join") return ignored("already-joined");
  const outcome = await env.plugins.mls.join(welcome, env.keyPackages);
  switch (outcome.kind) {
    case "not-for-us":
      return ignored("welcome-for-others");
    case "invalid":
      return rejected("invalid-welcome", outcome.reason);
    case "joined":
      break;
  }
  const { group, reference, admittedBy } = outcome;
  if (group.groupId !== state.name) {
    // Anyone can send a welcome on under another name: the key package stays good for where it was meant.
    tx.effects.push({ kind: "discardGroup", group });
    return rejected("invalid-welcome", "other-conversation");
  }
  tx.effects.push({ kind: "consumeKeyPackage", reference });
  const mode = group.strict ? "strict" : "de-mls-3";
  update(tx, { group, mode, admittedBy, epochEnteredMs: env.nowMs });
  // The committer has only just merged, and the others may not have.
  update(tx, { quietUntilMs: env.nowMs + policyOf(tx).quietAfterCommitMs(tx.state.config) });
  syncScoredMembers(tx);
  emit(tx, { kind: "joined", epoch: group.epoch, members: group.members });
  emit(tx, { kind: "membersChanged", members: group.members, added: group.members, removed: [] });
  enterPhase(tx, "working", "welcome");
  return accepted("welcome", undefined);
}
