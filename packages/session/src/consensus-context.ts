import { canonicalOnly, type ConsensusContext } from "@demls/consensus";
import { policyOf, type Turn } from "./turn.js";

/** By what the votes and proposals of others are judged now: the clock, the conversation's rules, the verifier. */
export function consensusContext(turn: Turn): ConsensusContext {
  const { tallyRule: rule, keepsOpenVotes: keepsActive, refusesOddSignatures } = policyOf(turn);
  const { nowSeconds, plugins } = turn.env;
  return {
    nowSeconds,
    rule,
    keepsActive,
    verifier: refusesOddSignatures ? canonicalOnly(plugins.verifier) : plugins.verifier,
  };
}
