import { compareBytes } from "@demls/wire/core";
import { presentStewards } from "../../presence/index.js";
import type { ClosingRules } from "../rules.js";
import { excusedDifference } from "./excused.js";
import { selectCandidate } from "./select.js";
import { carriesOut, epochStewardOf, isValid, violationOf } from "./validity.js";

/**
 * The rules of de-mls 3.0.0: each member merges the best candidate that it has at the end of its freeze. Of the candidates of
 * one steward, the one that is smallest by hash is kept.
 */
export const deMls3Rules: ClosingRules = {
  hold: (_tx, candidate, [displaced]) => ({
    isRefused: displaced !== undefined && compareBytes(displaced.commitHash, candidate.commitHash) <= 0,
    displaced,
  }),
  stagesRefusedAgain: false,
  violationOf,
  carriesOut,
  isValid,
  isExcused: (tx, candidate) => excusedDifference(tx, candidate) !== undefined,
  awaited: (tx) => tx.env.plugins.stewards.stewardMembers(tx.state.stewards.list, presentStewards(tx)),
  turnOf: epochStewardOf,
  takesLate: () => Promise.resolve(true),
  batchWaitMs: (tx) => tx.state.config.commitInactivityMs,
  standsIn: () => false,
  standInWaitMs: () => 0,
  standInEndsMs: () => undefined,
  isServed: () => Promise.resolve(false),
  holdsStill: true,
  endsEarly: (_, isComplete) => Promise.resolve(isComplete()),
  end: selectCandidate,
  merge: () => Promise.resolve(undefined),
  carriedRecord: () => Promise.resolve({ record: undefined, sealed: undefined }),
  readRecord: () => Promise.resolve({ record: undefined }),
  dueMs: () => undefined,
};
