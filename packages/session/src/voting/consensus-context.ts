import { canonicalOnly, type ConsensusContext } from "@demls/consensus";
import { policyOf, type ActiveTransaction } from "../model/transaction.js";

/**
 * Context that checks received votes and proposals: clock, rules and verifier.
 *
 * @param latestSeconds - latest time to check at. A packet that another member resends was published earlier.
 */
export function consensusContext(tx: ActiveTransaction, latestSeconds?: bigint): ConsensusContext {
  const { proposalRules: rules, rejectsMalleableSignatures } = policyOf(tx);
  const { nowSeconds: now, plugins } = tx.env;
  const nowSeconds = latestSeconds !== undefined && latestSeconds < now ? latestSeconds : now;
  return {
    nowSeconds,
    rules,
    verifier: rejectsMalleableSignatures ? canonicalOnly(plugins.verifier) : plugins.verifier,
  };
}
