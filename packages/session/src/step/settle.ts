import { repairsGaps } from "../model/abilities.js";
import type { MlsGroup } from "@demls/mls";
import { advanceClosing, anchorInactivity } from "../closing/index.js";
import { noteKeyAge } from "../keys/index.js";
import { sealQueuedMessages } from "../messages/chat.js";
import { keepAge, takeBufferedPackets } from "../messages/future-epoch-buffer.js";
import { boundOutbox } from "../messages/outbox.js";
import type { Facts } from "../model/fact.js";
import { groupOf, isSameEpoch } from "../model/state.js";
import {
  inGroup,
  isLive,
  takeFacts,
  type ActiveTransaction,
  type Transaction,
} from "../model/transaction.js";
import { anchorFallbackChanges } from "../stewards/fallback-changes.js";
import { anchorFallback } from "../stewards/fallback-proposer.js";
import { handOverStewardship, needsHandover } from "../stewards/steward-handover.js";
import { proposeAutomatically } from "../voting/automatic-proposal.js";
import { hasCommitCapacity } from "../voting/commit-capacity.js";
import { updateVote } from "../voting/open-votes.js";
import { pruneVotes } from "../voting/prune-votes.js";
import { takeBufferedProposal } from "../voting/receive-proposal.js";
import { proposeRequestedLeave } from "../voting/self-leave.js";
import { hasFreeSlot } from "../voting/session-slots.js";
import { useKeptSignatures } from "../voting/signed-vote.js";
import { followUp } from "./follow-ups.js";
import { takePacket } from "./take-packet.js";
import { standingOf } from "../standing/index.js";
import { followRepairEpoch } from "../lost-packets/index.js";

/** Time in ms in a buffer after which a packet counts as resent. */
const LATE_MS = 4_000;

/**
 * Ends every step: runs everything that the new state allows, until nothing is left. Each round shortens a finite list
 * (phases to pass, queued messages), so it terminates.
 *
 * @param group the group before the step; undefined without one.
 */
export async function settle(tx: Transaction, group: MlsGroup | undefined): Promise<void> {
  let retriedAt = group;
  for (;;) {
    const before = tx.state;
    await followUp(tx, takeFacts(tx));
    await followUp(tx, boundOutbox(tx));
    if (inGroup(tx)) await advanceGroup(tx);
    const reached = groupOf(tx.state);
    const isNew = reached !== undefined && (retriedAt === undefined || !isSameEpoch(retriedAt, reached));
    retriedAt = reached;
    if (isNew) await retryBufferedPackets(tx);
    if (tx.state === before) return;
  }
}

async function advanceGroup(tx: ActiveTransaction): Promise<void> {
  await followRepairEpoch(tx);
  pruneVotes(tx);
  noteKeyAge(tx);
  anchorInactivity(tx);
  anchorFallback(tx);
  anchorFallbackChanges(tx);
  if (standingOf(tx) !== "catchingUp") {
    await followUp(tx, await useKeptSignatures(tx));
    if (inGroup(tx)) await followUp(tx, await advanceClosing(tx, resumeWork));
  }
  for (let facts: Facts | undefined; inGroup(tx); await followUp(tx, facts)) {
    facts = await takeBufferedProposal(tx);
    if (facts === undefined) return;
  }
}

/** Sends queued messages and the requested leave when the conversation is working again. */
async function resumeWork(tx: ActiveTransaction): Promise<void> {
  await sealQueuedMessages(tx);
  // A leave is decided at once, but it uses a slot and must not evict an open vote.
  if (!tx.state.leave.requested || !hasCommitCapacity(tx) || !hasFreeSlot(tx)) return;
  if (needsHandover(tx)) return handOverStewardship(tx);
  await proposeAutomatically(tx, "leave", () => {
    proposeRequestedLeave(tx);
  });
}

async function retryBufferedPackets(tx: Transaction): Promise<void> {
  if (!isLive(tx)) return;
  for (const buffered of takeBufferedPackets(tx)) {
    const { packet, receivedMs } = buffered;
    // After this time, the others have decided its vote: the packet is handled like a resent one.
    const waitedMs = tx.env.nowMs - receivedMs;
    const isStrict = inGroup(tx) && repairsGaps(tx);
    const isLate = isStrict && waitedMs > LATE_MS;
    const open = inGroup(tx) ? tx.state.votes.open : undefined;
    const outcome = await takePacket(tx, packet, isLate ? "repair" : "network");
    if (isStrict && !isLate && inGroup(tx)) countFromArrival(tx, open, waitedMs);
    if (outcome.kind === "buffered" && isLive(tx)) keepAge(tx, buffered);
  }
}

/**
 * Counts the time of votes that a buffered packet has opened from its arrival, as the others do. With a later deadline,
 * this member's vote could still decide proposals that have failed at the others.
 */
function countFromArrival(tx: ActiveTransaction, before: OpenVotes | undefined, waitedMs: number): void {
  for (const { proposalId, own, deadlineMs } of tx.state.votes.open.values())
    if (!own && deadlineMs !== undefined && before?.has(proposalId) !== true)
      updateVote(tx, proposalId, { deadlineMs: deadlineMs - waitedMs });
}

type OpenVotes = ActiveTransaction["state"]["votes"]["open"];
