import type { ScoreOp } from "@demls/scoring";
import { rankCandidates } from "@demls/steward";
import { bytesToHex, type MemberId } from "@demls/wire/core";
import { openDueVotes } from "./due-votes.js";
import { proposeElection } from "./elections.js";
import { carriesOut, isOut, violationOf } from "./held-candidates.js";
import { mergeCommit } from "./merge.js";
import { entriesWhere } from "./persistent-collections.js";
import { bestExcused, excusedDifference, reconcile } from "./reconciling.js";
import { proposeScoreRemovals } from "./score-removals.js";
import { applyScores } from "./scores.js";
import type { HeldCandidate } from "./state.js";
import { reportStuckWork, stuckWork } from "./stuck-work.js";
import { swappedKeyPackages } from "./swapped-key-package.js";
import type { CandidateChoiceReason, CandidateDropReason, PhaseReason } from "./traced-decision.js";
import {
  decide,
  eligibleStewards,
  emit,
  enterPhase,
  policyOf,
  requireGroup,
  update,
  type Turn,
} from "./turn.js";

/**
 * Ends the freeze: ranks the candidates, drops those that break a rule, and merges the first that
 * holds. Every member with the same candidates comes to the same one, its own included (weakness W8).
 *
 * Source: RFC "Commit validation service"; `finalize_freeze_round` in de-mls 3.0.0.
 */
export async function selectCandidate(turn: Turn, occasion: PhaseReason): Promise<void> {
  enterPhase(turn, "selection", occasion);
  const { env, state } = turn;
  const epochSteward = env.plugins.stewards.epochSteward(
    state.stewards,
    requireGroup(turn).epoch,
    eligibleStewards(turn),
  );
  const held = [...state.candidates.values()].filter((candidate) => isOut(turn, candidate));
  const ops: ScoreOp[] = held.flatMap((candidate) => {
    const event = violationOf(turn, candidate);
    return event === undefined ? [] : [{ memberId: candidate.steward, event }];
  });
  const excused = held.filter((candidate) => excusedDifference(turn, candidate) !== undefined);
  const ranked = rankHeld(turn, held, excused, epochSteward);
  for (const [rank, candidate] of ranked.entries()) {
    if (excused.includes(candidate)) continue;
    const fault = await faultOf(turn, candidate);
    if (fault !== undefined) {
      drop(turn, [candidate], fault);
      ops.push({ memberId: candidate.steward, event: "broken-mls-proposal" });
      continue;
    }
    const losers = ranked.slice(rank + 1);
    drop(turn, [...new Set([...losers, ...excused])], "outranked");
    const isEpochStewards = candidate.steward === epochSteward;
    const reason = losers.length === 0 ? "only-one" : isEpochStewards ? "epoch-stewards" : "best-ranked";
    ops.push(...winnerScores(turn, candidate, losers, epochSteward));
    return merge(turn, candidate, reason, held.length, ops);
  }
  const best = bestExcused(excused, epochSteward);
  const difference = best && excusedDifference(turn, best);
  if (best === undefined || difference === undefined) return endWithoutCommit(turn, ops, epochSteward);
  const losers = excused.filter((candidate) => candidate !== best);
  drop(turn, losers, "outranked");
  ops.push(...winnerScores(turn, best, losers, epochSteward));
  reconcile(turn, best, difference);
  await merge(turn, best, "reconciled", held.length, ops);
}

async function merge(
  turn: Turn,
  winner: HeldCandidate,
  reason: CandidateChoiceReason,
  candidates: number,
  ops: readonly ScoreOp[],
): Promise<void> {
  const { steward } = winner;
  const commitHash = bytesToHex(winner.commitHash);
  decide(turn, { kind: "candidate-chosen", steward, commitHash, reason });
  emit(turn, { kind: "commitCandidateChosen", steward, commitHash, candidates });
  await mergeCommit(turn, winner, winner.staged, ops);
}

/**
 * The candidates that may be merged as far as their makers and their size go, best first; the others are dropped,
 * but for those that are excused.
 */
function rankHeld(
  turn: Turn,
  held: readonly HeldCandidate[],
  excused: readonly HeldCandidate[],
  epochSteward: MemberId | undefined,
): readonly HeldCandidate[] {
  const { approved, stewards } = turn.state;
  const lawful = held.filter((candidate) => violationOf(turn, candidate) === undefined);
  const ranked = rankCandidates(lawful, {
    approvedCount: approved.length,
    allowSubset: turn.env.plugins.stewards.config(stewards).allowSubsetCandidates,
    epochSteward,
  });
  const unlawful = held.filter((candidate) => !lawful.includes(candidate));
  const miscounted = lawful.filter(
    (candidate) => !ranked.includes(candidate) && !excused.includes(candidate),
  );
  drop(turn, unlawful, "broken-commit");
  drop(turn, miscounted, "wrong-count");
  return ranked;
}

/** What keeps a candidate from being merged. Key packages that were swapped are reported also where they do not. */
async function faultOf(
  turn: Turn,
  { steward, staged }: HeldCandidate,
): Promise<CandidateDropReason | undefined> {
  if (!carriesOut(turn, staged)) return "not-what-was-approved";
  const swapped = await swappedKeyPackages(turn, staged);
  if (swapped.length === 0) return undefined;
  reportSwapped(turn, steward, swapped);
  return policyOf(turn).refusesSwappedKeyPackages ? "swapped-key-package" : undefined;
}

function drop(turn: Turn, candidates: readonly HeldCandidate[], reason: CandidateDropReason): void {
  for (const { steward, commitHash } of candidates)
    decide(turn, { kind: "candidate-dropped", steward, commitHash: bytesToHex(commitHash), reason });
}

function reportSwapped(turn: Turn, steward: MemberId, members: readonly MemberId[]): void {
  const message = `The commit of ${steward} adds other key packages than were approved, for ${members.join(", ")}.`;
  emit(turn, { kind: "error", operation: "key package swapped", message });
}

/**
 * The committer earns; an epoch steward that was passed over pays, unless it is oneself; whoever
 * tried honestly earns a little.
 */
function winnerScores(
  turn: Turn,
  winner: HeldCandidate,
  losers: readonly HeldCandidate[],
  epochSteward: MemberId | undefined,
): readonly ScoreOp[] {
  const { env, state } = turn;
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
  turn: Turn,
  ops: readonly ScoreOp[],
  epochSteward: MemberId | undefined,
): Promise<void> {
  const { env, state } = turn;
  // One's own that is not out yet can still win as a late one, everywhere.
  update(turn, { candidates: entriesWhere(state.candidates, (_, candidate) => !isOut(turn, candidate)) });
  applyScores(turn, ops);
  if (state.approved.length === 0) {
    enterPhase(turn, "working", "nothing-approved");
    // What fell due while the group froze.
    await openDueVotes(turn);
    return;
  }
  if (epochSteward !== undefined && epochSteward !== env.self && stuckWork(state).length === 0) {
    applyScores(turn, [{ memberId: epochSteward, event: "censorship-inactivity" }]);
  }
  reportStuckWork(turn);
  enterPhase(turn, "reelection", "no-candidate");
  await proposeScoreRemovals(turn);
  await proposeElection(turn, { recovery: true });
}
