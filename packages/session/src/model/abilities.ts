import { policyOf, type ActiveTransaction } from "./transaction.js";

/*
 * Differences of the modes that several folders ask for. Each is asked here alone.
 */

/** Whether members keep packets, and resend those that another member lacks. */
export function repairsGaps(tx: ActiveTransaction): boolean {
  return policyOf(tx).repairsGaps;
}

/** Whether a commit carries a record of its epoch, which all members adopt. */
export function recordsEpochs(tx: ActiveTransaction): boolean {
  return policyOf(tx).recordsEpochs;
}

/** Whether a member that was left behind replaces its own leaf without a vote. */
export function allowsRejoin(tx: ActiveTransaction): boolean {
  return policyOf(tx).allowsRejoin;
}

/** Whether members are asked about a joiner that no member vouches for, and newcomers are on probation. */
export function asksForAdmission(tx: ActiveTransaction): boolean {
  return policyOf(tx).asksForAdmission;
}
