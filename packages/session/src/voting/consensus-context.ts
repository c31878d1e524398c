import { canonicalOnly, type ConsensusContext } from "@demls/consensus";
import { policyOf, type ActiveTransaction } from "../model/transaction.js";

/** Context that checks received votes and proposals: clock, rules and verifier. */
export function consensusContext(tx: ActiveTransaction): ConsensusContext {
  const { proposalRules: rules, rejectsMalleableSignatures } = policyOf(tx);
  const { nowSeconds, plugins } = tx.env;
  return {
    nowSeconds,
    rules,
    verifier: rejectsMalleableSignatures ? canonicalOnly(plugins.verifier) : plugins.verifier,
  };
}
