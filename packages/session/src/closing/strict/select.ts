import type { ScoreOp } from "@demls/scoring";
import type { HeldCandidate } from "../../model/commit.js";
import { NO_FACTS, type Facts } from "../../model/fact.js";
import type { PhaseReason } from "../../model/traced-decision.js";
import type { ActiveTransaction } from "../../model/transaction.js";
import { isKeyRenewal } from "../../keys/index.js";
import { drop, publishedCandidates } from "../candidates.js";
import { endIdle, failFreeze } from "../end-of-freeze.js";
import { mergeChosen } from "../merge.js";
import { enterPhase } from "../phase.js";
import { reportSwapped } from "../swapped-key-package.js";
import { adoptRecord, beginRecord, carryOver } from "./adopt-record.js";
import { chooseCandidate } from "./choosing.js";
import { carriesOut, lawfulCandidates } from "./lawful.js";
import { choosableCandidates } from "./pace.js";
import { notePassedSteward } from "./silent-steward.js";
import { turnOf } from "./turn.js";

/** Ends the freeze: this member chooses a candidate, and waits for the others. */
export async function selectByChoice(tx: ActiveTransaction, occasion: PhaseReason): Promise<Facts> {
  const choosable = await choosableCandidates(tx);
  enterPhase(tx, "selection", occasion, tx.env.nowMs);
  for (const candidate of publishedCandidates(tx))
    if (carriesOut(tx, candidate.staged)) await reportSwapped(tx, candidate);
  const lawful = choosable.length > 0 ? choosable : await lawfulCandidates(tx);
  // The candidates stay: the others may choose any of them. The steward pays with the next commit.
  if (lawful.length === 0) return endIdle(tx) ?? failFreeze(tx);
  await chooseCandidate(tx, lawful);
  return NO_FACTS;
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
  return mergeChosen(tx, winner, reason, losers.length + 1, ops, {
    begin: beginRecord,
    carryOver: (begun) => carryOver(begun, omitted),
  });
}
