import { canonicalOnly, type ConsensusContext } from "@demls/consensus";
import { policyOf, type ActiveTransaction } from "../model/transaction.js";

/** By what the votes and proposals of others are judged now: the clock, the conversation's rules, the verifier. */
export function consensusContext(tx: ActiveTransaction): ConsensusContext {
  const { proposalRules: rules, rejectsMalleableSignatures } = policyOf(tx);
  const { nowSeconds, plugins } = tx.env;
  return {
    nowSeconds,
    rules,
    verifier: rejectsMalleableSignatures ? canonicalOnly(plugins.verifier) : plugins.verifier,
  };
}
