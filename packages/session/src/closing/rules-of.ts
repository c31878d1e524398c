import { policyOf, type ActiveTransaction } from "../model/transaction.js";
import { deMls3Rules } from "./de-mls-3/index.js";
import type { ClosingRules } from "./rules.js";
import { strictRules } from "./strict/index.js";

/** The rules by which the epoch of a conversation ends. */
export function closingRules(tx: ActiveTransaction): ClosingRules {
  return policyOf(tx).closesByChoice ? strictRules : deMls3Rules;
}
