import { policyOf, type ActiveTransaction } from "../model/transaction.js";

/** Time in ms from the opening of a vote until it is decided without further votes. */
export function voteMs(tx: ActiveTransaction, isOwner: boolean): number {
  return policyOf(tx).consensusDeadlineMs(tx.state.config, isOwner);
}
