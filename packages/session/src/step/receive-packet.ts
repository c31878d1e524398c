import { decodeAppMessage, MAX_PACKET_BYTES, type AppMessage } from "@demls/wire";
import {
  APP_MSG_SUBTOPIC,
  bytesEqual,
  REPAIR_SUBTOPIC,
  WELCOME_SUBTOPIC,
  type MemberId,
  type Packet,
} from "@demls/wire/core";
import { receiveCandidateAtFork } from "../branches/receive-at-fork.js";
import { receiveCandidate } from "../closing/index.js";
import { reportDivergence } from "../join/divergence.js";
import { receiveSync } from "../join/sync.js";
import { receiveWelcomePacket } from "../join/welcome.js";
import { receiveChat } from "../messages/chat.js";
import { bufferPacket } from "../messages/future-epoch-buffer.js";
import { handled, NO_FACTS, type Handled } from "../model/fact.js";
import { isOtherGroup } from "../model/group-id.js";
import { ignored, rejected, type IgnoredReason, type RejectedReason } from "../model/inbound-outcome.js";
import { isResent, type Origin } from "../model/origin.js";
import {
  inGroup,
  isLive,
  updateActive,
  type ActiveTransaction,
  type LiveTransaction,
  type Transaction,
} from "../model/transaction.js";
import { receiveUnban } from "../voting/bans.js";
import { receiveConfirmation } from "../voting/member-confirmations.js";
import { receiveInvitationNotice } from "../voting/invitations.js";
import { countsInPastEpoch } from "../voting/past-epoch-votes.js";
import { receiveBanRequest } from "../voting/receive-ban-request.js";
import { receiveProposal } from "../voting/receive-proposal.js";
import { receiveVote } from "../voting/receive-vote.js";
import { followUp } from "./follow-ups.js";
import { noteOpened, receiveRepair, hastenReports } from "../lost-packets/index.js";

/** Handles a packet from the network. Never throws: any content leads to an outcome. */
export async function receivePacket(tx: Transaction, packet: Packet, origin: Origin): Promise<Handled> {
  if (!isLive(tx)) return ignore("conversation-ended");
  if (packet.conversationId !== tx.state.name) return ignore("other-conversation");
  if (bytesEqual(packet.appId, tx.env.appId)) return ignore("own-echo");
  if (packet.payload.length > MAX_PACKET_BYTES) return reject("packet-too-large");
  if (packet.subtopic === WELCOME_SUBTOPIC) return receiveWelcomePacket(tx, packet, origin);
  if (packet.subtopic === APP_MSG_SUBTOPIC) return receiveAppPacket(tx, packet, origin);
  if (packet.subtopic === REPAIR_SUBTOPIC) return receiveRepairPacket(tx, packet, origin);
  return reject("unknown-subtopic");
}

function ignore(reason: IgnoredReason, detail?: string): Handled {
  return handled(ignored(reason, detail));
}

function reject(reason: RejectedReason, detail?: string, sender?: MemberId): Handled {
  return handled(rejected(reason, detail, sender));
}

async function receiveRepairPacket(tx: LiveTransaction, packet: Packet, origin: Origin): Promise<Handled> {
  if (!inGroup(tx)) return ignore("not-joined");
  const { outcome, served, facts } = await receiveRepair(tx, packet, origin);
  return { ...handled(outcome, facts), served };
}

async function receiveAppPacket(tx: LiveTransaction, packet: Packet, origin: Origin): Promise<Handled> {
  const plaintext = isMlsMessage(packet) ? undefined : decodeAppMessage(packet.payload);
  if (plaintext?.ok && plaintext.value.kind === "commit_candidate") {
    const { candidate } = plaintext.value;
    const isServed = isResent(origin);
    const atFork = inGroup(tx) ? await receiveCandidateAtFork(tx, candidate, packet, isServed) : undefined;
    if (atFork !== undefined) return atFork;
    return receiveCandidate(tx, candidate, packet, isServed);
  }
  const description = tx.env.plugins.mls.describe(packet.payload);
  switch (description.kind) {
    case "application":
      break;
    case "proposal":
    case "commit":
      return ignore("handshake-outside-candidate");
    case "welcome":
    case "other":
    case "malformed":
      return reject("malformed-packet");
  }
  if (isOtherGroup(tx, description.groupId)) return ignore("other-group");
  if (!inGroup(tx)) return bufferPacket(tx, packet, "before-join", description.epoch);
  if (description.epoch > tx.state.group.epoch)
    return bufferPacket(tx, packet, "future-epoch", description.epoch);
  return openMessage(tx, packet, description.epoch, origin);
}

/**
 * Whether a packet is an MLS message: these begin with the version 00 01, unlike protobuf. Nearly every packet is one,
 * and a failed protobuf decoding would cost a tenth of its decryption.
 */
function isMlsMessage({ payload }: Packet): boolean {
  return payload[0] === 0;
}

async function openMessage(
  tx: ActiveTransaction,
  packet: Packet,
  claimed: bigint,
  origin: Origin,
): Promise<Handled> {
  const { group } = tx.state;
  const opened = await tx.env.plugins.mls.open(group, packet.payload);
  // A decrypted message consumes its generation, whatever its content.
  updateActive(tx, { group: opened.group });
  const { outcome } = opened;
  switch (outcome.kind) {
    case "application":
      break;
    case "otherEpoch":
      return ignore("past-epoch");
    case "ignored":
      return outcome.reason === "own-message" ? ignore("own-message") : ignore("other-group", outcome.reason);
    case "rejected":
      if (outcome.reason === "replayed") return reject("replayed-message");
      if (outcome.reason === "undecryptable" && claimed === group.epoch) {
        reportDivergence(tx);
        if (tx.state.branches.forks.size > 0)
          return handled(rejected("not-decryptable", outcome.reason), [{ kind: "packetUnreadable" }]);
      }
      return reject("not-decryptable", outcome.reason);
  }
  const { sender, epoch, leafIndex, generation } = outcome;
  const place = { epoch, leafIndex, generation };
  // Before the content, whose judgement may depend on the members that are there.
  await followUp(tx, noteOpened(tx, place, sender, packet.payload, origin));
  const decoded = decodeAppMessage(outcome.plaintext);
  if (!decoded.ok) return reject("malformed-message", decoded.reason, sender);
  if (decoded.value.kind === "conversation_message")
    return handled(receiveChat(tx, decoded.value, sender, place));
  if (epoch !== group.epoch && !countsInPastEpoch(tx, decoded.value)) return ignore("past-epoch");
  hastenReports(tx);
  return receiveAppMessage(tx, decoded.value, sender, epoch, origin);
}

async function receiveAppMessage(
  tx: ActiveTransaction,
  message: Exclude<AppMessage, { kind: "conversation_message" }>,
  sender: MemberId,
  epoch: bigint,
  origin: Origin,
): Promise<Handled> {
  switch (message.kind) {
    case "proposal":
      return receiveProposal(tx, message.proposal, sender, epoch, isResent(origin));
    case "vote":
      return receiveVote(tx, message.vote, sender, isResent(origin));
    case "conversation_sync":
      return receiveSync(tx, message.sync, sender);
    case "ban_request":
      return receiveBanRequest(tx, message.userToBan, sender);
    case "unban":
      return handled(receiveUnban(tx, message.member, sender, epoch));
    case "member_confirmation":
      return handled(receiveConfirmation(tx, message.member, sender));
    case "invitation_notice":
      return handled(
        receiveInvitationNotice(tx, message, sender),
        message.revoked ? [{ kind: "invitationRevoked" }] : NO_FACTS,
      );
    case "commit_candidate":
      // Members accept a commit only as a candidate, which is sent unencrypted.
      return ignore("handshake-outside-candidate");
    case "vote_payload":
    case "user_vote":
    case "proposal_added":
      return ignore("local-only-message");
    case "empty":
      return ignore("empty-message");
  }
}
