import { reportUncommittable } from "../approved/index.js";
import type { Facts } from "../model/fact.js";
import type { ActiveTransaction } from "../model/transaction.js";
import { hasWork } from "./candidates.js";
import { enterPhase } from "./phase.js";

/** Works again after a freeze without a commit, if nothing waits for one; `undefined` if something does. */
export function endIdle(tx: ActiveTransaction): Facts | undefined {
  if (hasWork(tx)) return undefined;
  enterPhase(tx, "working", "nothing-approved");
  return [{ kind: "freezeEndedIdle" }];
}

/** Waits for new stewards after a freeze without a commit: the approved changes are theirs to commit. */
export function failFreeze(tx: ActiveTransaction): Facts {
  reportUncommittable(tx);
  enterPhase(tx, "reelection", "no-candidate");
  return [{ kind: "freezeFailed" }];
}
