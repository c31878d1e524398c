import type { EpochRecord, ProposalResult } from "@demls/wire";
import { memberIdFromBytes, type MemberId } from "@demls/wire/core";
import { hasListOf, takeList, takeSettings } from "../../join/settled-state.js";
import { forgetProvisional } from "../../join/sync.js";
import { syncedConfig } from "../../join/sync-validation.js";
import type { ApprovedChange } from "../../model/changes.js";
import type { HeldCandidate } from "../../model/commit.js";
import type { EpochResult } from "../../model/record.js";
import { accusedOf, endsWithEpoch, removalTarget, removeRequest } from "../../model/request.js";
import { emit, isPendingRemoval, type ActiveTransaction } from "../../model/transaction.js";
import { applyEpochResult, beginReckoning, noteKnownProposals } from "../../stewards/epoch-results.js";
import { adoptArrivals } from "../../voting/arrivals.js";
import { setOpeningList, setRecovery } from "../../stewards/steward-lists.js";
import { applyScores, replaceScores } from "../../stewards/scores.js";
import { learnRecordedBans, noteApprovedRemoval } from "../../voting/bans.js";
import { learnRecordedInvitations } from "../../voting/known-invitations.js";
import { bufferPendingUpdate } from "../../voting/pending-updates.js";
import { repeatLeave } from "../../voting/self-leave.js";
import { forgetVote, markResolved, voteOf } from "../../voting/open-votes.js";
import { actionKey, requestKey, votedActions } from "../candidates.js";
import { reconcile } from "../reconcile.js";
import { recordedOps } from "./missed-turn.js";
import { isLeaveOf } from "../../model/leaves.js";

/**
 * Adopts the record of the commit that ends the epoch: its stewards, scores, settings and results replace this member's
 * own. So members that merge the same commit are equal.
 *
 * @returns the results of this member that the record omits; see {@link carryOver}.
 */
export function adoptRecord(tx: ActiveTransaction, winner: HeldCandidate): readonly EpochResult[] {
  const { record } = winner;
  adoptArrivals(tx, winner);
  if (record === undefined) return [];
  adoptResults(tx, winner, record.results);
  applyScores(tx, recordedOps(record));
  adoptState(tx, record);
  learnTold(tx, winner.steward, record);
  dropUnknown(tx, winner, record.known);
  const stated = new Set(record.results.map(({ proposalId }) => proposalId));
  return tx.state.record.results.filter(({ proposalId }) => !stated.has(proposalId));
}

/** Begins the reckoning of a new epoch. */
export function beginRecord(tx: ActiveTransaction): void {
  beginReckoning(tx);
}

/**
 * Carries the results that the commit omits over to the new epoch. Elections and Deadlocks end with their epoch. Other
 * emergencies take effect again, once, as at members that decide them only now.
 */
export function carryOver(tx: ActiveTransaction, omitted: readonly EpochResult[]): void {
  const past = tx.state.group.epoch - 1n;
  for (const result of omitted)
    if (result.epoch === past && !endsWithEpoch(result.request)) applyEpochResult(tx, result);
  repeatLeave(tx);
}

/**
 * Decides open votes as the record states, and approves or drops the removals that it decided otherwise. The votes are
 * forgotten, so that no later record can state their results again.
 */
function adoptResults(
  tx: ActiveTransaction,
  winner: HeldCandidate,
  results: readonly ProposalResult[],
): void {
  const removed = new Set<MemberId>();
  const added: ApprovedChange[] = [];
  const rejected: number[] = [];
  for (const { proposalId, approved } of results) {
    markResolved(tx, proposalId);
    const vote = voteOf(tx, proposalId);
    if (vote === undefined) continue;
    const { request, proposer } = vote;
    forgetVote(tx, proposalId);
    if (vote.result === undefined)
      emit(tx, { kind: "proposalDecided", proposalId, request, result: approved ? "yes" : "no" });
    const accused = accusedOf(request);
    if (accused === undefined) continue;
    if (!approved) rejected.push(proposalId);
    else if (!removed.has(accused)) {
      removed.add(accused);
      noteApprovedRemoval(tx, accused, proposer);
      const isNew = !isPendingRemoval(tx.state, accused) && tx.state.group.members.includes(accused);
      if (isNew) added.push({ proposalId, request: removeRequest(accused), proposer });
    }
  }
  const dropped = tx.state.changes.approved.filter(
    ({ proposalId, request }) =>
      rejected.includes(proposalId) && !removed.has(removalTarget(request) ?? winner.steward),
  );
  if (added.length + dropped.length > 0) reconcile(tx, winner, { added, dropped });
}

/**
 * Takes back approvals that the authors of two commits in a row did not know: the others have rejected the change or
 * will never receive it. It becomes a buffered change again, on which the members vote, unless it is this member's own
 * removal.
 */
function dropUnknown(tx: ActiveTransaction, winner: HeldCandidate, known: readonly number[]): void {
  const { changes, record } = tx.state;
  const done = new Set(votedActions(tx, winner.staged).map(actionKey));
  const unknown = changes.approved.filter(
    (change) =>
      !known.includes(change.proposalId) &&
      removalTarget(change.request) !== winner.steward &&
      !done.has(requestKey(change.request)) &&
      !isLeaveOf(tx.env.self, change),
  );
  const dropped = unknown.filter(({ proposalId }) => record.unknown.includes(proposalId));
  if (dropped.length > 0) reconcile(tx, winner, { added: [], dropped });
  for (const { request } of dropped)
    if (removalTarget(request) !== tx.env.self) bufferPendingUpdate(tx, request);
  noteKnownProposals(
    tx,
    known,
    unknown.map(({ proposalId }) => proposalId),
  );
}

/** Learns the invitations and bans in the record, and emits `learned` for those that are new here. */
function learnTold(tx: ActiveTransaction, by: MemberId, { state }: EpochRecord): void {
  const { banMemory, invitations: stated = [] } = state;
  const invitations = learnRecordedInvitations(tx, stated);
  const bans = banMemory === undefined ? [] : learnRecordedBans(tx, banMemory, by);
  if (invitations.length + bans.length === 0) return;
  const shown = invitations.map(({ inviter, id, uses, revoked }) => ({ inviter, id, uses, revoked }));
  emit(tx, { kind: "learned", by, invitations: shown, bans });
}

function adoptState(tx: ActiveTransaction, { state }: EpochRecord): void {
  takeSettings(tx, state, syncedConfig(tx.state.config, state) ?? tx.state.config);
  forgetProvisional(tx);
  setRecovery(tx, state.recovery ?? false);
  if (!hasListOf(tx, state) && state.stewardMembers.length > 0) takeList(tx, state, "recorded");
  const { opening } = tx.state.record;
  if (opening !== undefined) {
    // Also members that missed an election of the epoch know the list with which it began.
    const wasInForce = !tx.env.plugins.stewards.isExhausted(opening.list, tx.state.group.epoch);
    setOpeningList(tx, wasInForce ? opening.list : undefined);
  }
  adoptScores(tx, state);
}

/** Sets the scores of the record; members that it does not name have the default. */
function adoptScores(tx: ActiveTransaction, { peerScores }: EpochRecord["state"]): void {
  const { scoring } = tx.env.plugins;
  const { values } = tx.state.scores;
  const stated = new Map(peerScores.map(({ memberId, score }) => [memberIdFromBytes(memberId), score]));
  const diverged = tx.state.group.members.flatMap((memberId) => {
    const score = stated.get(memberId) ?? scoring.defaultScore(values);
    return score === scoring.scoreFor(values, memberId) ? [] : [{ memberId, score }];
  });
  if (diverged.length > 0) replaceScores(tx, scoring.applySnapshot(values, { diverged }), "record");
}
