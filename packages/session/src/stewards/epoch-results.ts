import { recordsEpochs } from "../model/abilities.js";
import { emergencyScoreOps, type ScoreOp } from "@demls/scoring";
import type { EpochResult, PassedSteward, Reckoning } from "../model/record.js";
import { LIMITS } from "../model/limits.js";
import { withEntry } from "../model/persistent-collections.js";
import { brokenCommitIn, violationNumber } from "../model/request.js";
import { update, type ActiveTransaction } from "../model/transaction.js";
import { requestWithoutBulk } from "../voting/proposal-size.js";
import { applyScores } from "./scores.js";
import { seeded, stewardSeed } from "../model/steward-seed.js";
import { installStewards } from "./steward-lists.js";

/** Applies a result to stewards and scores, and notes it for the record of the epoch, without the payload of evidence. */
export function applyEpochResult(tx: ActiveTransaction, result: EpochResult): void {
  const { request } = result;
  if (request.kind === "electStewards") {
    const { electionEpoch, stewards, retryRound } = request;
    installStewards(tx, electionEpoch, stewards, stewards.length, retryRound, "elected", stewardSeed(tx));
  }
  const recovery = recoveryAfter(tx.state.stewards.recovery, result);
  if (recovery !== tx.state.stewards.recovery) update(tx, "stewards", { recovery });
  applyScores(tx, scoreOpsOf(result));
  noteConvicted(tx, result);
  const { results } = tx.state.record;
  if (!recordsEpochs(tx) || results.length >= LIMITS.recordedResults) return;
  update(tx, "record", {
    results: [...results, { ...result, request: requestWithoutBulk(request) as typeof request }],
  });
}

/** Remembers for which epoch a member has paid: members that hold its two choices would convict it again by default. */
function noteConvicted(tx: ActiveTransaction, { request, approved }: EpochResult): void {
  const evidence = approved ? brokenCommitIn(request) : undefined;
  const { convicted } = tx.state.scores;
  if (evidence === undefined || !tx.state.group.members.includes(evidence.target)) return;
  const { target, epoch } = evidence;
  if ((convicted.get(target) ?? -1n) < epoch)
    update(tx, "scores", { convicted: withEntry(convicted, target, epoch) });
}

/** Begins the reckoning of an epoch with stewards and scores as they are now. */
export function beginReckoning(tx: ActiveTransaction): void {
  update(tx, "record", { opening: currentReckoning(tx), results: [] });
}

/** Notes the proposals that the author of the last commit knew, and the approved ones that it did not. */
export function noteKnownProposals(
  tx: ActiveTransaction,
  known: readonly number[],
  unknown: readonly number[],
): void {
  update(tx, "record", { known, unknown });
}

/** Notes the steward that the last commit has passed over; `undefined`: none. */
export function notePassed(tx: ActiveTransaction, passed: PassedSteward | undefined): void {
  update(tx, "record", { passed });
}

/** The reckoning after further results. Equals the effect of {@link applyEpochResult}. */
export function reckon(
  tx: ActiveTransaction,
  opening: Reckoning,
  results: readonly EpochResult[],
): Reckoning {
  const { plugins } = tx.env;
  let { list, scores, recovery } = opening;
  for (const result of results) {
    const { request } = result;
    if (request.kind === "electStewards") {
      const { electionEpoch, stewards, retryRound } = request;
      list = plugins.stewards.installList(
        seeded(tx, list),
        electionEpoch,
        stewards,
        stewards.length,
        retryRound,
      ).state;
    }
    recovery = recoveryAfter(recovery, result);
    for (const op of scoreOpsOf(result)) scores = plugins.scoring.applyOp(scores, op);
  }
  return { list, scores, recovery };
}

/** Stewards and scores of this member now. */
export function currentReckoning({ state }: ActiveTransaction): Reckoning {
  const { list, recovery } = state.stewards;
  return { list, scores: state.scores.values, recovery };
}

function recoveryAfter(before: boolean, { request, approved }: EpochResult): boolean {
  if (request.kind === "electStewards") return false;
  return before || (approved && request.evidence?.violation === "deadlock");
}

function scoreOpsOf({ request, approved }: EpochResult): readonly ScoreOp[] {
  if (request.kind === "electStewards" || request.evidence === undefined) return [];
  const { violation, target, creator } = request.evidence;
  return emergencyScoreOps({ violationType: violationNumber(violation), target, creator }, approved);
}
