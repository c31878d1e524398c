import { enterNow } from "../epoch/index.js";
import { keepChanges, setUrgent } from "../changes/index.js";
import type { StagedCommit } from "@demls/mls";
import type { ScoreOp } from "@demls/scoring";
import { bytesToHex, type MemberId } from "@demls/wire/core";
import { confirmToOwnGuests, noteAdmitted } from "../join/confirmations.js";
import { noteAdmissions, sendWelcome } from "../join/admissions.js";
import { dropAnswered, noteRejoined, noteUnmet, rejoinsIn } from "../join/rejoin-requests.js";
import { sendSync } from "../join/sync.js";
import type { ApprovedChange } from "../model/changes.js";
import type { HeldCandidate } from "../model/commit.js";
import { endConversation } from "../model/ending.js";
import { membersChanged, type CommittedChange } from "../model/event.js";
import type { ChangeRequest } from "../model/request.js";
import type { Active } from "../model/state.js";
import { NO_FACTS, type Facts } from "../model/fact.js";
import type { EpochResult } from "../model/record.js";
import { LIMITS } from "../model/limits.js";
import { appendBounded } from "../model/persistent-collections.js";
import { emit, policyOf, trace, update, updateActive, type ActiveTransaction } from "../model/transaction.js";
import { endPastElections } from "../stewards/elections.js";
import { keepQuiet } from "../messages/outbox.js";
import { beginStewards } from "../stewards/steward-lists.js";
import { forgetRejectedRemovals } from "../stewards/score-removals.js";
import { applyScores, syncScoredMembers } from "../stewards/scores.js";
import { pruneArrivals } from "../voting/arrivals.js";
import { noteBans } from "../voting/bans.js";
import { countUses } from "../voting/invitations.js";
import { proposeAutomatically } from "../voting/automatic-proposal.js";
import { forgetOldProposals } from "../voting/observed-proposals.js";
import { forgetLeave } from "../voting/self-leave.js";
import { keepPastMembers } from "../voting/past-epoch-votes.js";
import { prunePendingUpdates } from "../voting/pending-updates.js";
import { noteRenewal } from "../keys/index.js";
import { beginRecord, carryOver } from "./adopt-record.js";
import { actionKey, requestKey, votedActions } from "./candidates.js";
import { dropUncommittable } from "./uncommittable-changes.js";
import { countMissedEpochs } from "../presence/index.js";
import { isLeaveOf } from "../model/leaves.js";
import { closePastEpoch } from "../lost-packets/index.js";

/**
 * Merges the winning commit and starts the new epoch, in the order of 3.0.0: scores, the commit's event, welcome and
 * ConversationSync by the committer, members, pending changes, steward list.
 *
 * @param omitted - results that the record of the epoch omits; see {@link carryOver}.
 */
export async function mergeCommit(
  tx: ActiveTransaction,
  winner: HeldCandidate,
  staged: StagedCommit,
  ops: readonly ScoreOp[],
  omitted: readonly EpochResult[] = [],
): Promise<Facts> {
  applyScores(tx, ops);
  const committed = dequeueCommitted(tx, winner, staged);
  if (staged.selfRemoved) {
    const isOwnLeave = committed.some((change) => isLeaveOf(tx.env.self, change));
    endConversation(tx, isOwnLeave ? "left" : "removed");
    return NO_FACTS;
  }
  countMissedEpochs(tx);
  closePastEpoch(tx);
  const rejoined = rejoinsIn(tx, staged);
  dropAnswered(tx);
  const ending = tx.state;
  const before = ending.group;
  updateActive(tx, { group: tx.env.plugins.mls.merge(before, staged) });
  update(tx, "commit", { candidates: new Map(), refused: [] });
  keepPastMembers(tx, before);
  const { recordsEpochs } = policyOf(tx);
  if (recordsEpochs) endPastElections(tx);
  noteAdmissions(tx, winner);
  noteAdmitted(tx, staged);
  // Sent after merging, so that a joiner is not ahead of the member that added it.
  if (winner.welcome !== undefined) sendWelcome(tx, winner.welcome);
  await confirmToOwnGuests(tx, committed);
  keepQuiet(tx);
  if (winner.welcome !== undefined && !recordsEpochs) await sendSyncToJoiners(tx);
  countUses(
    tx,
    committed.filter(({ request }) => !wasAddedBefore(ending, staged, request)),
  );
  await dropUncommittable(tx);
  forgetOldProposals(tx);
  announceMembers(tx, before.members);
  noteRejoined(tx, rejoined);
  noteRenewal(tx, winner.steward, staged);
  noteUnmet(tx, ending, rejoined);
  syncScoredMembers(tx);
  noteBans(tx, committed);
  pruneArrivals(tx);
  prunePendingUpdates(tx);
  beginEpoch(tx);
  beginRecord(tx);
  // The state with which the epoch begins, so that a joiner can judge its record.
  if (winner.welcome !== undefined && recordsEpochs) await sendSyncToJoiners(tx);
  carryOver(tx, omitted);
  return [{ kind: "epochBegun" }];
}

async function sendSyncToJoiners(tx: ActiveTransaction): Promise<void> {
  await proposeAutomatically(tx, "conversationSync", () => sendSync(tx));
}

/** Whether a commit of a left branch has added the joiner by the same key package: its invitation is counted already. */
function wasAddedBefore({ admission }: Active, { actions }: StagedCommit, request: ChangeRequest): boolean {
  return actions.some(
    (action) =>
      action.kind === "add" &&
      request.kind === "add" &&
      action.member === request.member &&
      admission.spent.includes(action.reference),
  );
}

/** Takes the committed changes off the queue, and returns them. */
function dequeueCommitted(
  tx: ActiveTransaction,
  winner: HeldCandidate,
  staged: StagedCommit,
): readonly ApprovedChange[] {
  const { changes: queue, commit } = tx.state;
  const done = new Set(votedActions(tx, staged).map(actionKey));
  const isDone = ({ request }: CommittedChange): boolean => done.has(requestKey(request));
  const changes = queue.approved.filter(isDone);
  keepChanges(tx, (change) => !isDone(change));
  setUrgent(tx, undefined);
  update(tx, "commit", {
    merged: appendBounded(commit.merged, bytesToHex(winner.commitHash), LIMITS.committed),
  });
  emit(tx, {
    kind: "commitApplied",
    epoch: staged.epoch + 1n,
    committer: winner.steward,
    changes: changes.map(({ proposalId, request }) => ({ proposalId, request })),
    urgent: queue.urgentTarget !== undefined,
  });
  return changes;
}

function announceMembers(tx: ActiveTransaction, before: readonly MemberId[]): void {
  const change = membersChanged(before, tx.state.group.members, tx.state.admission.arrivals);
  for (const member of change.added) forgetLeave(tx, member);
  forgetRejectedRemovals(tx);
  emit(tx, change);
}

function beginEpoch(tx: ActiveTransaction): void {
  trace(tx, { kind: "phase", from: tx.state.phase, to: "working", reason: "commit-merged" });
  // The epoch's votes are opened in this phase, but before `phaseChanged` is emitted.
  updateActive(tx, { phase: "working" });
  update(tx, "commit", { anchoredAtMs: undefined });
  enterNow(tx);
  beginStewards(tx);
}
