import { bytesToHex } from "@demls/wire/core";
import { currentChoices } from "../../model/choices.js";
import type { HeldCandidate } from "../../model/commit.js";
import { LIMITS } from "../../model/limits.js";
import type { ActiveTransaction } from "../../model/transaction.js";
import type { ClosingRules } from "../rules.js";
import { closeEpoch, closingDueMs } from "./close-epoch.js";
import { openRecord, ownRecord, sealRecord } from "./epoch-record.js";
import { carriesOut, isValid, lawfulCandidates, violationOf } from "./lawful.js";
import { batchWaitMs, isServed, mayChoose, standInEndsMs, standInWaitMs, standsIn } from "./pace.js";
import { selectByChoice } from "./select.js";
import { awaitedStewards, turnOf } from "./turn.js";

/**
 * Our rules: each member chooses the candidate of the steward whose turn it is, or that of one that stands in for it, and all
 * merge the one that they have agreed on. Of one
 * steward, further candidates are refused until a member has chosen them: none is displaced, because a commit can be staged
 * only once.
 */
export const strictRules: ClosingRules = {
  hold: (tx, candidate, rivals) => ({ isRefused: isSurplus(tx, candidate, rivals) }),
  stagesRefusedAgain: true,
  violationOf,
  carriesOut,
  isValid,
  isExcused: () => false,
  awaited: awaitedStewards,
  turnOf,
  // The candidates that this member rejects are kept: others may choose them.
  takesLate: async (tx) => (await lawfulCandidates(tx)).length > 0,
  batchWaitMs,
  standsIn,
  standInWaitMs,
  standInEndsMs,
  isServed,
  holdsStill: false,
  endsEarly: mayChoose,
  end: selectByChoice,
  merge: closeEpoch,
  async carriedRecord(tx) {
    const record = ownRecord(tx);
    return { record, sealed: await sealRecord(tx, record) };
  },
  async readRecord(tx, { authenticatedData }) {
    const record = await openRecord(tx, authenticatedData);
    return record && { record };
  },
  dueMs: closingDueMs,
};

function isSurplus(
  tx: ActiveTransaction,
  candidate: HeldCandidate,
  rivals: readonly HeldCandidate[],
): boolean {
  const chosen = new Set(currentChoices(tx).map(({ commit }) => commit));
  const others = rivals.filter((rival) => !chosen.has(bytesToHex(rival.commitHash)));
  return others.length >= LIMITS.candidatesPerSteward && !chosen.has(bytesToHex(candidate.commitHash));
}
