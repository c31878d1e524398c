import type { ScoreOp } from "@demls/scoring";
import { rankCandidates } from "@demls/steward";
import type { MemberId } from "@demls/wire/core";
import { uncommittableChanges } from "../../approved/index.js";
import type { HeldCandidate } from "../../model/commit.js";
import type { Facts } from "../../model/fact.js";
import { entriesWhere } from "../../model/persistent-collections.js";
import type { PhaseReason } from "../../model/traced-decision.js";
import { update, type ActiveTransaction } from "../../model/transaction.js";
import { applyScores } from "../../stewards/scores.js";
import { drop, isPublished, publishedCandidates } from "../candidates.js";
import { endIdle, failFreeze } from "../end-of-freeze.js";
import { mergeChosen } from "../merge.js";
import { enterPhase } from "../phase.js";
import { reconcile } from "../reconcile.js";
import { reportSwapped } from "../swapped-key-package.js";
import { bestExcused, excusedDifference } from "./excused.js";
import { carriesOut, epochStewardOf, violationOf } from "./validity.js";

/**
 * Ends the freeze: ranks the candidates, drops invalid ones, and merges the best of the others. Members with the same
 * candidates choose the same one, their own or not (weakness W8).
 *
 * Source: RFC "Commit validation service"; `finalize_freeze_round` in de-mls 3.0.0.
 */
export async function selectCandidate(tx: ActiveTransaction, occasion: PhaseReason): Promise<Facts> {
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
    if (!carriesOut(tx, candidate.staged)) {
      drop(tx, [candidate], "not-what-was-approved");
      ops.push({ memberId: candidate.steward, event: "broken-mls-proposal" });
      continue;
    }
    // 3.0.0 members accept it all the same.
    await reportSwapped(tx, candidate);
    const losers = ranked.slice(rank + 1);
    drop(tx, [...new Set([...losers, ...excused])], "outranked");
    const isEpochStewards = candidate.steward === epochSteward;
    const reason = losers.length === 0 ? "only-one" : isEpochStewards ? "epoch-stewards" : "best-ranked";
    ops.push(...winnerScores(tx, candidate, losers, epochSteward));
    return mergeChosen(tx, candidate, reason, held.length, ops);
  }
  const best = bestExcused(excused, epochSteward);
  const difference = best && excusedDifference(tx, best);
  if (best === undefined || difference === undefined) return endWithoutCommit(tx, ops, epochSteward);
  const losers = excused.filter((candidate) => candidate !== best);
  drop(tx, losers, "outranked");
  ops.push(...winnerScores(tx, best, losers, epochSteward));
  reconcile(tx, best, difference);
  return mergeChosen(tx, best, "reconciled", held.length, ops);
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
 * commit was possible.
 */
function endWithoutCommit(
  tx: ActiveTransaction,
  ops: readonly ScoreOp[],
  epochSteward: MemberId | undefined,
): Facts {
  const { env, state } = tx;
  // This member's unpublished candidate can still win as a late candidate, at every member.
  update(tx, "commit", {
    candidates: entriesWhere(state.commit.candidates, (_, candidate) => !isPublished(tx, candidate)),
  });
  applyScores(tx, ops);
  const idle = endIdle(tx);
  if (idle !== undefined) return idle;
  if (epochSteward !== undefined && epochSteward !== env.self && uncommittableChanges(state).length === 0) {
    applyScores(tx, [{ memberId: epochSteward, event: "censorship-inactivity" }]);
  }
  return failFreeze(tx);
}
