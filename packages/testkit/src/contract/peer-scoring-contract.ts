import type { PeerScoringPlugin } from "@demls/scoring";
import type { ContractCase } from "./contract-case.js";
import { conversationsOf } from "./scoring-conversations.js";
import { scoringMemberCases } from "./scoring-member-cases.js";
import { scoringRuleCases } from "./scoring-rule-cases.js";
import { scoringStateCases } from "./scoring-state-cases.js";

/**
 * Contract of a `PeerScoringPlugin` with any scoring rules. It tracks the right members, all members compute the same
 * scores, joiners take them from a snapshot, and the state is immutable plain data.
 *
 * @param plugin the implementation under test
 * @typeParam S its state
 *
 * @example
 * ```ts
 * describe("my scoring", () => {
 *  for (const { name, run } of peerScoringContract(myScoring)) test(name, run);
 * });
 * ```
 */
export function peerScoringContract<S>(plugin: PeerScoringPlugin<S>): readonly ContractCase[] {
  const conversations = conversationsOf(plugin);
  return [
    ...scoringMemberCases(plugin, conversations),
    ...scoringRuleCases(plugin, conversations),
    ...scoringStateCases(plugin, conversations),
  ];
}
