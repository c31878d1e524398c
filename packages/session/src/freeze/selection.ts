import type { ScoreOp } from "@demls/scoring";
import { rankCandidates } from "@demls/steward";
import { bytesToHex, type MemberId } from "@demls/wire/core";
import { openDueVotes } from "../stewards/due-votes.js";
import { proposeElection } from "../stewards/elections.js";
import { carriesOut, isOut, violationOf } from "./candidates.js";
import { mergeCommit } from "./merge.js";
import { entriesWhere } from "../model/persistent-collections.js";
import { bestExcused, excusedDifference, reconcile } from "./reconcile.js";
import { proposeScoreRemovals } from "../stewards/score-removals.js";
import { applyScores } from "../stewards/scores.js";
import type { HeldCandidate } from "../model/state.js";
import { reportUncommittable, uncommittableChanges } from "./uncommittable-changes.js";
import { swappedKeyPackages } from "./swapped-key-package.js";
import type { CandidateChoiceReason, CandidateDropReason, PhaseReason } from "../model/traced-decision.js";
import {
  trace,
  eligibleStewards,
  emit,
  enterPhase,
  policyOf,
  requireGroup,
  update,
  type Transaction,
} from "../model/transaction.js";

/**
 * Ends the freeze: ranks the candidates, drops those that break a rule, and merges the first that
 * holds. Every member with the same candidates comes to the same one, its own included (weakness W8).
 *
 * Source: RFC "Commit validation service"; `finalize_freeze_round` in de-mls 3.0.0.
 */
export async function selectCandidate(tx: Transaction, occasion: PhaseReason): Promise<void> {
  enterPhase(tx, "selection", occasion);
  const { env, state } = tx;
  const epochSteward = env.plugins.stewards.epochSteward(
    state.stewards,
    requireGroup(tx).epoch,
    eligibleStewards(tx),
  );
  const held = [...state.candidates.values()].filter((candidate) => isOut(tx, candidate));
  const ops: ScoreOp[] = held.flatMap((candidate) => {
    const event = violationOf(tx, candidate);
    return event === undefined ? [] : [{ memberId: candidate.steward, event }];
  });
  const excused = held.filter((candidate) => excusedDifference(tx, candidate) !== undefined);
  const ranked = rankHeld(tx, held, excused, epochSteward);
  for (const [rank, candidate] of ranked.entries()) {
    if (excused.includes(candidate)) continue;
    const fault = await faultOf(tx, candidate);
    if (fault !== undefined) {
      drop(tx, [candidate], fault);
      ops.push({ memberId: candidate.steward, event: "broken-mls-proposal" });
      continue;
    }
    const losers = ranked.slice(rank + 1);
    drop(tx, [...new Set([...losers, ...excused])], "outranked");
    const isEpochStewards = candidate.steward === epochSteward;
    const reason = losers.length === 0 ? "only-one" : isEpochStewards ? "epoch-stewards" : "best-ranked";
    ops.push(...winnerScores(tx, candidate, losers, epochSteward));
    return merge(tx, candidate, reason, held.length, ops);
  }
  const best = bestExcused(excused, epochSteward);
  const difference = best && excusedDifference(tx, best);
  if (best === undefined || difference === undefined) return endWithoutCommit(tx, ops, epochSteward);
  const losers = excused.filter((candidate) => candidate !== best);
  drop(tx, losers, "outranked");
  ops.push(...winnerScores(tx, best, losers, epochSteward));
  reconcile(tx, best, difference);
  await merge(tx, best, "reconciled", held.length, ops);
}

async function merge(
  tx: Transaction,
  winner: HeldCandidate,
  reason: CandidateChoiceReason,
  candidates: number,
  ops: readonly ScoreOp[],
): Promise<void> {
  const { steward } = winner;
  const commitHash = bytesToHex(winner.commitHash);
  trace(tx, { kind: "candidateChosen", steward, commitHash, reason });
  emit(tx, { kind: "commitCandidateChosen", steward, commitHash, candidates });
  await mergeCommit(tx, winner, winner.staged, ops);
}

/**
 * The candidates that may be merged as far as their makers and their size go, best first; the others are dropped,
 * but for those that are excused.
 */
function rankHeld(
  tx: Transaction,
  held: readonly HeldCandidate[],
  excused: readonly HeldCandidate[],
  epochSteward: MemberId | undefined,
): readonly HeldCandidate[] {
  const { approved, stewards } = tx.state;
  const lawful = held.filter((candidate) => violationOf(tx, candidate) === undefined);
  const ranked = rankCandidates(lawful, {
    approvedCount: approved.length,
    allowSubset: tx.env.plugins.stewards.config(stewards).allowSubsetCandidates,
    epochSteward,
  });
  const unlawful = held.filter((candidate) => !lawful.includes(candidate));
  const miscounted = lawful.filter(
    (candidate) => !ranked.includes(candidate) && !excused.includes(candidate),
  );
  drop(tx, unlawful, "broken-commit");
  drop(tx, miscounted, "wrong-count");
  return ranked;
}

/** What keeps a candidate from being merged. Key packages that were swapped are reported also where they do not. */
async function faultOf(
  tx: Transaction,
  { steward, staged }: HeldCandidate,
): Promise<CandidateDropReason | undefined> {
  if (!carriesOut(tx, staged)) return "not-what-was-approved";
  const swapped = await swappedKeyPackages(tx, staged);
  if (swapped.length === 0) return undefined;
  reportSwapped(tx, steward, swapped);
  return policyOf(tx).rejectsSwappedKeyPackages ? "swapped-key-package" : undefined;
}

function drop(tx: Transaction, candidates: readonly HeldCandidate[], reason: CandidateDropReason): void {
  for (const { steward, commitHash } of candidates)
    trace(tx, { kind: "candidateDropped", steward, commitHash: bytesToHex(commitHash), reason });
}

function reportSwapped(tx: Transaction, steward: MemberId, members: readonly MemberId[]): void {
  const message = `The commit of ${steward} adds other key packages than were approved, for ${members.join(", ")}.`;
  emit(tx, { kind: "error", code: "key-package-swapped", operation: "key package swapped", message });
}

/**
 * The committer earns; an epoch steward that was passed over pays, unless it is oneself; whoever
 * tried honestly earns a little.
 */
function winnerScores(
  tx: Transaction,
  winner: HeldCandidate,
  losers: readonly HeldCandidate[],
  epochSteward: MemberId | undefined,
): readonly ScoreOp[] {
  const { env, state } = tx;
  const ops: ScoreOp[] = [{ memberId: winner.steward, event: "successful-commit" }];
  if (epochSteward !== undefined && epochSteward !== winner.steward && epochSteward !== env.self) {
    ops.push({ memberId: epochSteward, event: "censorship-inactivity" });
  }
  for (const { steward } of losers) {
    if (env.plugins.stewards.isSteward(state.stewards, steward)) {
      ops.push({ memberId: steward, event: "honest-commit-attempt" });
    }
  }
  return ops;
}

/**
 * No candidate holds. Approved work stays for the stewards elected next; who should have committed pays, unless
 * nobody could.
 */
async function endWithoutCommit(
  tx: Transaction,
  ops: readonly ScoreOp[],
  epochSteward: MemberId | undefined,
): Promise<void> {
  const { env, state } = tx;
  // One's own that is not out yet can still win as a late one, everywhere.
  update(tx, { candidates: entriesWhere(state.candidates, (_, candidate) => !isOut(tx, candidate)) });
  applyScores(tx, ops);
  if (state.approved.length === 0) {
    enterPhase(tx, "working", "nothing-approved");
    // What fell due while the group froze.
    await openDueVotes(tx);
    return;
  }
  if (epochSteward !== undefined && epochSteward !== env.self && uncommittableChanges(state).length === 0) {
    applyScores(tx, [{ memberId: epochSteward, event: "censorship-inactivity" }]);
  }
  reportUncommittable(tx);
  enterPhase(tx, "reelection", "no-candidate");
  await proposeScoreRemovals(tx);
  await proposeElection(tx, { recovery: true });
}
