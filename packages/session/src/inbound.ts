import { decodeAppMessage, DEFAULT_MAX_PACKET_BYTES, type AppMessage } from "@demls/wire";
import {
  APP_MSG_SUBTOPIC,
  bytesEqual,
  bytesToHex,
  bytesToUtf8,
  memberIdFromBytes,
  WELCOME_SUBTOPIC,
  type MemberId,
  type Packet,
} from "@demls/wire/core";
import { bufferEarlyPacket } from "./early-packets.js";
import { receiveCandidate } from "./incoming-candidate.js";
import { receiveProposal } from "./incoming-proposal.js";
import { receiveVote } from "./incoming-vote.js";
import { ignored, rejected, taken, type InboundOutcome } from "./inbound-outcome.js";
import { bufferPendingUpdate, promotePendingUpdates } from "./pending-updates.js";
import { receiveSync } from "./sync.js";
import { outlivesItsEpoch } from "./overtaken-votes.js";
import { LIMITS } from "./limits.js";
import { emit, requireGroup, update, type Turn } from "./turn.js";
import { removeRequest } from "./update-request.js";
import { receiveWelcomePacket } from "./welcome.js";

/** Takes a packet from the network. Whatever it holds, it yields an outcome and never throws. */
export async function receivePacket(turn: Turn, packet: Packet): Promise<InboundOutcome> {
  const { state, env } = turn;
  if (state.phase === "ended") return ignored("conversation-ended");
  if (packet.conversationId !== state.name) return ignored("other-conversation");
  if (bytesEqual(packet.appId, env.appId)) return ignored("own-echo");
  if (packet.payload.length > DEFAULT_MAX_PACKET_BYTES) return rejected("packet-too-large");
  if (packet.subtopic === WELCOME_SUBTOPIC) return receiveWelcomePacket(turn, packet);
  if (packet.subtopic === APP_MSG_SUBTOPIC) return receiveAppPacket(turn, packet);
  return rejected("unknown-subtopic");
}

async function receiveAppPacket(turn: Turn, packet: Packet): Promise<InboundOutcome> {
  const plaintext = isMlsMessage(packet) ? undefined : decodeAppMessage(packet.payload);
  if (plaintext?.ok && plaintext.value.kind === "commit_candidate") {
    return receiveCandidate(turn, plaintext.value.candidate, packet);
  }
  const description = turn.env.plugins.mls.describe(packet.payload);
  switch (description.kind) {
    case "application":
      break;
    case "proposal":
    case "commit":
      return ignored("handshake-outside-candidate");
    case "welcome":
    case "other":
    case "malformed":
      return rejected("malformed-packet");
  }
  const { group, name } = turn.state;
  if (description.groupId !== name) return ignored("other-conversation");
  if (group === undefined) return bufferEarlyPacket(turn, packet, "before-join", description.epoch);
  if (description.epoch > group.epoch)
    return bufferEarlyPacket(turn, packet, "future-epoch", description.epoch);
  return openMessage(turn, packet, description.epoch);
}

/**
 * An MLS message begins with its version, 00 01: no protobuf does, so neither is taken for the other. Nearly every
 * packet is one, and to find out by failing to decode it would cost a tenth of opening it.
 */
function isMlsMessage({ payload }: Packet): boolean {
  return payload[0] === 0;
}

async function openMessage(turn: Turn, packet: Packet, claimed: bigint): Promise<InboundOutcome> {
  const { group } = turn.state;
  if (group === undefined) return ignored("not-joined");
  const opened = await turn.env.plugins.mls.open(group, packet.payload);
  // What was decrypted has spent its generation, whatever it says.
  update(turn, { group: opened.group });
  const { outcome } = opened;
  switch (outcome.kind) {
    case "application":
      break;
    case "other-epoch":
      return ignored("past-epoch");
    case "ignored":
      return outcome.reason === "own-message"
        ? ignored("own-message")
        : ignored("other-conversation", outcome.reason);
    case "rejected":
      if (outcome.reason === "undecryptable" && claimed === group.epoch) reportDivergence(turn);
      return outcome.reason === "replayed"
        ? rejected("replayed-message")
        : rejected("not-decryptable", outcome.reason);
  }
  const { sender, epoch } = outcome;
  const decoded = decodeAppMessage(outcome.plaintext);
  if (!decoded.ok) return rejected("malformed-message", decoded.reason, sender);
  if (decoded.value.kind === "conversation_message")
    return receiveChat(turn, decoded.value.message, sender, epoch);
  // What was said of a former epoch's members is over.
  if (epoch !== group.epoch && !outlivesItsEpoch(turn, decoded.value)) return ignored("past-epoch");
  return receiveAppMessage(turn, decoded.value, sender, epoch);
}

/** Says once in each epoch that others may have parted from this member; see the `diverged` event. */
function reportDivergence(turn: Turn): void {
  const { epoch, epochAuthenticator } = requireGroup(turn);
  if (turn.state.divergenceReported) return;
  update(turn, { divergenceReported: true });
  emit(turn, { kind: "diverged", epoch, epochAuthenticator: bytesToHex(epochAuthenticator) });
}

/**
 * Chat of the epoch before is still read, since it may have been on its way when the commit came: from those
 * who are members now, and for {@link LIMITS.pastEpochChatMs}. Otherwise whoever was removed could go on
 * writing with the keys it has kept.
 */
function receiveChat(turn: Turn, content: Uint8Array, sender: MemberId, epoch: bigint): InboundOutcome {
  const { epoch: current, members } = requireGroup(turn);
  if (epoch !== current) {
    if (!members.includes(sender)) return rejected("not-a-member", undefined, sender);
    if (turn.env.nowMs - turn.state.epochEnteredMs > LIMITS.pastEpochChatMs) return ignored("past-epoch");
  }
  emit(turn, { kind: "message", sender, content, text: bytesToUtf8(content), epoch });
  return taken("message", sender);
}

async function receiveAppMessage(
  turn: Turn,
  message: Exclude<AppMessage, { kind: "conversation_message" }>,
  sender: MemberId,
  epoch: bigint,
): Promise<InboundOutcome> {
  switch (message.kind) {
    case "proposal":
      return receiveProposal(turn, message.proposal, sender, epoch);
    case "vote":
      return receiveVote(turn, message.vote, sender);
    case "conversation_sync":
      return receiveSync(turn, message.sync, sender);
    case "ban_request":
      return receiveBanRequest(turn, message.userToBan, sender);
    case "commit_candidate":
      // A candidate travels in the clear, where every member finds it.
      return ignored("handshake-outside-candidate");
    case "vote_payload":
    case "user_vote":
    case "proposal_added":
      return ignored("local-only-message");
    case "empty":
      return ignored("empty-message");
  }
}

/** A member asks for a removal without opening the vote itself; 3.0.0 sends none, but takes them. */
async function receiveBanRequest(
  turn: Turn,
  userToBan: Uint8Array,
  sender: MemberId,
): Promise<InboundOutcome> {
  const target = memberIdFromBytes(userToBan);
  if (!turn.state.group?.members.includes(target)) return rejected("not-a-member", undefined, sender);
  const buffered = bufferPendingUpdate(turn, removeRequest(target));
  if (buffered !== "noted") return ignored(buffered);
  await promotePendingUpdates(turn);
  return taken("ban-request", sender);
}
