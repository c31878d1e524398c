import { setVotesDue } from "../epoch/index.js";
import { forgetCompanions, keepFork } from "../branches/forks.js";
import { noteChoice } from "../branches/note-at-fork.js";
import { dropUncommittable } from "../approved/index.js";
import { endReelection, ownCandidate, refuseCandidates } from "../closing/index.js";
import { forgetCertifiedEpoch } from "../join/rejoin.js";
import { awaitReports, noteAccepted, noteChatAbandoned, sendAgain } from "../messages/sent-chat.js";
import type { Fact, FactOf, Facts } from "../model/fact.js";
import { emit, inGroup, type ActiveTransaction, type Transaction } from "../model/transaction.js";
import { noteHeard } from "../presence/index.js";
import { noteNews } from "../standing/index.js";
import { accuseEquivocators } from "../stewards/accusations.js";
import { proposeElection, retryElection } from "../stewards/elections.js";
import { proposeScoreRemovals } from "../stewards/score-removals.js";
import { renewDeputies } from "../voting/deputies.js";
import { countFromPublication } from "../voting/due-vote.js";
import { voteOf } from "../voting/open-votes.js";
import { renewOwnWork } from "../voting/own-work.js";
import { promotePendingUpdates } from "../voting/pending-updates.js";
import { abandonProposal } from "../voting/propose.js";
import { retractLeave } from "../voting/self-leave.js";
import { applyResult } from "./apply-result.js";
import { logPacket, hastenReports, requestPackets } from "../lost-packets/index.js";

/** An action that follows from a fact; it may return further facts. */
type FollowUp<Kind extends Fact["kind"]> = (
  tx: ActiveTransaction,
  fact: FactOf<Kind>,
) => Promise<Facts | void> | Facts | void;

/**
 * The actions that follow from each fact, in order. The facts that an action returns are followed up before the next
 * action.
 */
const FOLLOW_UPS: { readonly [Kind in Fact["kind"]]: readonly FollowUp<Kind>[] } = {
  voteDecided: [(tx, { vote, result }) => applyResult(tx, vote, result)],
  membershipApplied: [proposeScoreRemovals, promotePendingUpdates],
  emergencyApplied: [
    (tx) => endReelection(tx, "emergency-decided"),
    proposeScoreRemovals,
    proposeDueElection,
    promotePendingUpdates,
  ],
  stewardLeaving: [(tx, { steward }) => proposeElection(tx, { recovery: true, exclude: steward })],
  stewardsElected: [(tx) => endReelection(tx, "stewards-elected"), ownCandidate.join, promotePendingUpdates],
  electionRejected: [(tx, { isLast }) => retryElection(tx, isLast)],
  changeRequested: [promotePendingUpdates],
  invitationRevoked: [dropUncommittable],
  joinerWithdrawn: [dropUncommittable],
  slotsReleased: [proposeScoreRemovals, promotePendingUpdates],
  parted: [(tx, { fork }) => keepFork(tx, fork)],
  epochBegun: [
    forgetCompanions,
    awaitReports,
    scheduleEpochVotes,
    (tx) => emit(tx, { kind: "phaseChanged", phase: "working" }),
  ],
  epochVotesDue: [
    stopEpochVotesTimer,
    proposeDueElection,
    promotePendingUpdates,
    proposeRecoveryElection,
    accuseEquivocators,
    proposeScoreRemovals,
    renewDeputies,
  ],
  packetAbandoned: [
    (tx, { proposalId }) => abandonUnpublished(tx, proposalId),
    (tx, { sequence }) => ownCandidate.drop(tx, sequence),
    noteChatAbandoned,
  ],
  caughtUp: [sendAgain, (tx, { from }) => renewOwnWork(tx, from), promotePendingUpdates],
  memberHeard: [noteHeard, noteNews],
  choiceReceived: [(tx, { epoch }) => noteChoice(tx, epoch)],
  candidatesLost: [(tx, { ids }) => refuseCandidates(tx, ids)],
  packetUnreadable: [(tx) => requestPackets(tx, "unreadable")],
  packetSealed: [hastenReports],
  packetPublished: [
    (tx, { epoch, slot, payload }) => logPacket(tx, epoch, slot, payload),
    countFromPublication,
    noteAccepted,
  ],
  branchMoved: [noteNews],
  branchLost: [forgetCertifiedEpoch],
  requestAnswered: [noteNews],
  heightConfirmed: [hastenReports],
  freezeEndedIdle: [proposeDueElection, promotePendingUpdates],
  freezeFailed: [proposeScoreRemovals, (tx) => proposeElection(tx, { recovery: true })],
};

/** Runs the actions of each fact in turn, including those of further facts. The conversation's end stops them. */
export async function followUp(tx: Transaction, facts: Facts): Promise<void> {
  for (const fact of facts) {
    for (const act of FOLLOW_UPS[fact.kind] as readonly FollowUp<Fact["kind"]>[]) {
      if (!inGroup(tx)) return;
      await followUp(tx, (await act(tx, fact)) ?? []);
    }
  }
}

function proposeDueElection(tx: ActiveTransaction): Promise<void> {
  return proposeElection(tx, { recovery: false });
}

async function proposeRecoveryElection(tx: ActiveTransaction): Promise<void> {
  if (tx.state.stewards.recovery) await proposeElection(tx, { recovery: true });
}

/** Opens the votes of a new epoch at once, or after the quiet time. */
function scheduleEpochVotes(tx: ActiveTransaction): Facts {
  const { quietUntilMs } = tx.state.outbox;
  if (quietUntilMs <= tx.env.nowMs) return [{ kind: "epochVotesDue" }];
  setVotesDue(tx, quietUntilMs);
  return [];
}

function stopEpochVotesTimer(tx: ActiveTransaction): void {
  setVotesDue(tx, undefined);
}

/**
 * Abandons an unpublished proposal. Otherwise this member would decide it alone, with the other members' silence
 * counted as yes.
 */
function abandonUnpublished(tx: ActiveTransaction, proposalId: number | undefined): void {
  if (proposalId === undefined) return;
  if (voteOf(tx, proposalId)?.result !== undefined) retractLeave(tx, proposalId);
  else abandonProposal(tx, proposalId, "unpublished");
}
