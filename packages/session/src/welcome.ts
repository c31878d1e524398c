import { decodeWelcomeMessage, encodeWelcomeMessage } from "@demls/wire";
import { DemlsError, memberIdToBytes, WELCOME_SUBTOPIC, type Packet } from "@demls/wire/core";
import { checkInvitation } from "./invitation-check.js";
import { ignored, rejected, taken, type InboundOutcome } from "./inbound-outcome.js";
import { bufferPendingUpdate, promotePendingUpdates } from "./pending-updates.js";
import { syncScoredMembers } from "./scores.js";
import { emit, enqueue, enterPhase, policyOf, update, type Turn } from "./turn.js";

/** Takes what comes on the welcome subtopic: a joiner's key package, or the invitation to one. */
export async function receiveWelcomePacket(turn: Turn, packet: Packet): Promise<InboundOutcome> {
  const decoded = decodeWelcomeMessage(packet.payload);
  if (!decoded.ok) return rejected("malformed-packet", decoded.reason);
  switch (decoded.value.kind) {
    case "user_key_package":
      return receiveKeyPackage(turn, decoded.value.keyPackageBytes);
    case "invitation_to_join":
      return receiveInvitation(turn, decoded.value.mlsMessageOutBytes);
    case "empty":
      return ignored("empty-message");
  }
}

/**
 * Hands out a key package, by which this member can be let in.
 *
 * @throws DemlsError `already-joined` where the join is not pending.
 */
export function announceKeyPackage(turn: Turn, keyPackage: Uint8Array): void {
  if (turn.state.phase !== "pending-join") {
    throw new DemlsError("already-joined", {
      message: "A key package is announced only while a join is pending.",
      remedy: "Nothing to do: this member is in the conversation, or has left it.",
    });
  }
  const message = { kind: "user_key_package", keyPackageBytes: keyPackage } as const;
  enqueue(turn, encodeWelcomeMessage(message), WELCOME_SUBTOPIC);
}

/**
 * A key package is verified before anything is done with it: it comes from outside the group, and
 * whoever sends one can be anybody (weakness W31).
 */
async function receiveKeyPackage(turn: Turn, keyPackage: Uint8Array): Promise<InboundOutcome> {
  const { group } = turn.state;
  if (group === undefined) return ignored("not-joined");
  const check = await checkInvitation(turn, keyPackage);
  if (!check.ok) {
    return check.reason === "already-member"
      ? ignored("already-a-member")
      : rejected("invalid-key-package", check.reason);
  }
  const buffered = bufferPendingUpdate(turn, {
    kind: "invite_member",
    keyPackageBytes: keyPackage,
    identity: memberIdToBytes(check.identity),
  });
  if (buffered !== "noted") return ignored(buffered);
  await promotePendingUpdates(turn);
  return taken("key-package", undefined);
}

async function receiveInvitation(turn: Turn, welcome: Uint8Array): Promise<InboundOutcome> {
  const { env, state } = turn;
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
    turn.effects.push({ kind: "discard-group", group });
    return rejected("invalid-welcome", "other-conversation");
  }
  turn.effects.push({ kind: "consume-key-package", reference });
  const mode = group.strict ? "strict" : "de-mls-3";
  update(turn, { group, mode, admittedBy, epochEnteredMs: env.nowMs });
  // The committer has only just merged, and the others may not have.
  update(turn, { quietUntilMs: env.nowMs + policyOf(turn).quietAfterCommitMs(turn.state.config) });
  syncScoredMembers(turn);
  emit(turn, { kind: "joined", epoch: group.epoch, members: group.members });
  emit(turn, { kind: "membersChanged", members: group.members, added: group.members, removed: [] });
  enterPhase(turn, "working", "welcome");
  return taken("welcome", undefined);
}
