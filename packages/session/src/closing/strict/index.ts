import { bytesToHex } from "@demls/wire/core";
import { currentChoices } from "../../model/choices.js";
import type { HeldCandidate } from "../../model/commit.js";
import { LIMITS } from "../../model/limits.js";
import type { ActiveTransaction } from "../../model/transaction.js";
import { presentStewards } from "../../presence/index.js";
import type { ClosingRules } from "../rules.js";
import { closeEpoch, closingDueMs } from "./close-epoch.js";
import { openRecord, ownRecord, sealRecord } from "./epoch-record.js";
import { carriesOut, isValid, lawfulCandidates, violationOf } from "./lawful.js";
import { selectByChoice } from "./select.js";
import { openingSteward, turnOf } from "./turn.js";

/**
 * Our rules: each member chooses a candidate at the end of its freeze, and all merge the one that they have agreed on. Of one
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
  awaited,
  turnOf,
  // The candidates that this member rejects are kept: others may choose them.
  takesLate: async (tx) => (await lawfulCandidates(tx)).length > 0,
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

/** The stewards on the list, and the one whose turn it was before an election of the epoch. */
function awaited(tx: ActiveTransaction): ReturnType<ClosingRules["awaited"]> {
  const isThere = presentStewards(tx);
  const listed = tx.env.plugins.stewards.stewardMembers(tx.state.stewards.list, isThere);
  const first = openingSteward(tx, isThere);
  return first === undefined || listed.includes(first) ? listed : [...listed, first];
}
