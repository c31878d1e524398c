import { enterPhase } from "./phase.js";
import type { ScoreOp } from "@demls/scoring";
import { rankCandidates } from "@demls/steward";
import { bytesToHex, type MemberId } from "@demls/wire/core";
import { acceptsItsRecord, carriesOut, hasWork, isOut, rankOf, violationOf } from "./candidates.js";
import { adoptRecord } from "./adopt-record.js";
import { isKeyRenewal } from "../keys/index.js";
import { mergeCommit } from "./merge.js";
import { entriesWhere } from "../model/persistent-collections.js";
import { bestExcused, excusedDifference, reconcile } from "./reconcile.js";
import { applyScores } from "../stewards/scores.js";
import type { HeldCandidate } from "../model/commit.js";
import { NO_FACTS, type Facts } from "../model/fact.js";
import type { EpochResult } from "../model/record.js";
import { chooseCandidate } from "./choosing.js";
import { notePassedSteward } from "./silent-steward.js";
import { turnOf } from "./turn.js";
import { reportUncommittable, uncommittableChanges } from "./uncommittable-changes.js";
import { swappedKeyPackages } from "./swapped-key-package.js";
import type { CandidateChoiceReason, CandidateDropReason, PhaseReason } from "../model/traced-decision.js";
import {
  trace,
  eligibleStewards,
  emit,
  policyOf,
  update,
  type ActiveTransaction,
} from "../model/transaction.js";

/**
 * Ends the freeze: ranks the candidates, drops invalid ones, and merges the best of the others. Members with the same
 * candidates choose the same one, their own or not (weakness W8).
 *
 * Source: RFC "Commit validation service"; `finalize_freeze_round` in de-mls 3.0.0.
 */
export async function selectCandidate(tx: ActiveTransaction, occasion: PhaseReason): Promise<Facts> {
  if (policyOf(tx).closesByChoice) return selectByChoice(tx, occasion);
  enterPhase(tx, "selection", occasion);
  const epochSteward = epochStewardOf(tx);
  const held = publishedCandidates(tx);
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
  return merge(tx, best, "reconciled", held.length, ops);
}

/** Ends the freeze of a strict conversation: this member chooses a candidate, and waits for the others. */
async function selectByChoice(tx: ActiveTransaction, occasion: PhaseReason): Promise<Facts> {
  enterPhase(tx, "selection", occasion, tx.env.nowMs);
  for (const { steward, staged } of publishedCandidates(tx)) {
    const swapped = await swappedKeyPackages(tx, staged);
    if (carriesOut(tx, staged) && swapped.length > 0) reportSwapped(tx, steward, swapped);
  }
  const lawful = await lawfulCandidates(tx);
  if (lawful.length === 0) return endWithoutCommit(tx, [], epochStewardOf(tx));
  await chooseCandidate(tx, lawful);
  return NO_FACTS;
}

/** Candidates that this member accepts, best first. */
export async function lawfulCandidates(tx: ActiveTransaction): Promise<readonly HeldCandidate[]> {
  const { changes, stewards } = tx.state;
  const ranked = rankCandidates(
    publishedCandidates(tx)
      .filter((candidate) => violationOf(tx, candidate) === undefined)
      .map((candidate) => ({ ...rankOf(tx, candidate), candidate })),
    {
      approvedCount: changes.approved.length,
      allowSubset: tx.env.plugins.stewards.config(stewards.list).allowSubsetCandidates,
      epochSteward: undefined,
    },
  );
  const lawful: HeldCandidate[] = [];
  for (const { candidate } of ranked) {
    if (!carriesOut(tx, candidate.staged) || !acceptsItsRecord(tx, candidate)) continue;
    if ((await swappedKeyPackages(tx, candidate.staged)).length === 0) lawful.push(candidate);
  }
  return lawful;
}

/**
 * Merges the commit that the members have agreed on. Members receive different candidates and end their freezes at
 * different times, so scores follow from the commit and its record alone: its committer gains, and the next record tells
 * whether a steward that it passes over has missed its turn.
 */
export async function mergeAgreed(tx: ActiveTransaction, winner: HeldCandidate): Promise<Facts> {
  const losers = publishedCandidates(tx).filter((candidate) => candidate !== winner);
  drop(tx, losers, "outranked");
  const { steward, staged } = winner;
  // First, because an election of the record names the expected steward if the epoch began without one.
  const omitted = staged.selfRemoved ? [] : adoptRecord(tx, winner);
  notePassedSteward(tx, staged);
  const ops: ScoreOp[] = isKeyRenewal(staged) ? [] : [{ memberId: steward, event: "successful-commit" }];
  const reason =
    losers.length === 0 ? "only-one" : turnOf(tx, staged) === steward ? "epoch-stewards" : "best-ranked";
  return merge(tx, winner, reason, losers.length + 1, ops, omitted);
}

/** Candidates that the other members can have. */
function publishedCandidates(tx: ActiveTransaction): readonly HeldCandidate[] {
  return [...tx.state.commit.candidates.values()].filter((candidate) => isOut(tx, candidate));
}

function epochStewardOf(tx: ActiveTransaction): MemberId | undefined {
  const { env, state } = tx;
  return env.plugins.stewards.epochSteward(state.stewards.list, state.group.epoch, eligibleStewards(tx));
}

async function merge(
  tx: ActiveTransaction,
  winner: HeldCandidate,
  reason: CandidateChoiceReason,
  candidates: number,
  ops: readonly ScoreOp[],
  omitted: readonly EpochResult[] = [],
): Promise<Facts> {
  const { steward } = winner;
  const commitHash = bytesToHex(winner.commitHash);
  trace(tx, { kind: "candidateChosen", steward, commitHash, reason });
  emit(tx, { kind: "commitCandidateChosen", steward, commitHash, candidates });
  return mergeCommit(tx, winner, winner.staged, ops, omitted);
}

/** Candidates with a valid author and size, best first. The others are dropped, except excused ones. */
function rankHeld(
  tx: ActiveTransaction,
  held: readonly HeldCandidate[],
  excused: readonly HeldCandidate[],
  epochSteward: MemberId | undefined,
): readonly HeldCandidate[] {
  const { changes, stewards } = tx.state;
  const lawful = held.filter((candidate) => violationOf(tx, candidate) === undefined);
  const ranked = rankCandidates(lawful, {
    approvedCount: changes.approved.length,
    allowSubset: tx.env.plugins.stewards.config(stewards.list).allowSubsetCandidates,
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

/** Reason not to merge a candidate. Swapped key packages are reported even in a mode that accepts them. */
async function faultOf(
  tx: ActiveTransaction,
  { steward, staged }: HeldCandidate,
): Promise<CandidateDropReason | undefined> {
  if (!carriesOut(tx, staged)) return "not-what-was-approved";
  const swapped = await swappedKeyPackages(tx, staged);
  if (swapped.length === 0) return undefined;
  reportSwapped(tx, steward, swapped);
  return policyOf(tx).rejectsSwappedKeyPackages ? "swapped-key-package" : undefined;
}

function drop(
  tx: ActiveTransaction,
  candidates: readonly HeldCandidate[],
  reason: CandidateDropReason,
): void {
  for (const { steward, commitHash } of candidates)
    trace(tx, { kind: "candidateDropped", steward, commitHash: bytesToHex(commitHash), reason });
}

function reportSwapped(tx: ActiveTransaction, steward: MemberId, members: readonly MemberId[]): void {
  const message = `The commit of ${steward} adds other key packages than were approved, for ${members.join(", ")}.`;
  emit(tx, { kind: "error", code: "key-package-swapped", operation: "keyPackageSwapped", message });
}

/**
 * Score operations of a merged commit: the committer gains, a skipped epoch steward other than this member loses, and
 * authors of other candidates gain a little.
 */
function winnerScores(
  tx: ActiveTransaction,
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
    if (env.plugins.stewards.isSteward(state.stewards.list, steward)) {
      ops.push({ memberId: steward, event: "honest-commit-attempt" });
    }
  }
  return ops;
}

/**
 * Ends a freeze without a commit. Approved changes wait for the next stewards. The epoch steward loses score, unless no
 * commit was possible; in a strict conversation with the next commit.
 */
function endWithoutCommit(
  tx: ActiveTransaction,
  ops: readonly ScoreOp[],
  epochSteward: MemberId | undefined,
): Facts {
  const { env, state } = tx;
  // This member's unpublished candidate can still win as a late candidate, at every member. In a strict conversation,
  // the others may choose any of them.
  if (!policyOf(tx).closesByChoice) {
    update(tx, "commit", {
      candidates: entriesWhere(state.commit.candidates, (_, candidate) => !isOut(tx, candidate)),
    });
  }
  applyScores(tx, ops);
  if (!hasWork(tx)) {
    enterPhase(tx, "working", "nothing-approved");
    return [{ kind: "freezeEndedIdle" }];
  }
  const isScoredNow = !policyOf(tx).closesByChoice && epochSteward !== env.self;
  if (epochSteward !== undefined && isScoredNow && uncommittableChanges(state).length === 0) {
    applyScores(tx, [{ memberId: epochSteward, event: "censorship-inactivity" }]);
  }
  reportUncommittable(tx);
  enterPhase(tx, "reelection", "no-candidate");
  return [{ kind: "freezeFailed" }];
}
