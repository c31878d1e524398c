import { canonicalOnly, type ConsensusContext } from "@demls/consensus";
import { policyOf, type ActiveTransaction } from "../model/transaction.js";

/** Context that checks received votes and proposals: clock, rules and verifier. */
export function consensusContext(tx: ActiveTransaction): ConsensusContext {
  const { tallyRule: rule, keepsOpenVotes: keepsActive, rejectsMalleableSignatures } = policyOf(tx);
  const { nowSeconds, plugins } = tx.env;
  return {
    nowSeconds,
    rule,
    keepsActive,
    verifier: rejectsMalleableSignatures ? canonicalOnly(plugins.verifier) : plugins.verifier,
  };
}
