import type { PeerScoringPlugin } from "@demls/scoring";
import type { ContractCase } from "./contract-case.js";
import { conversationsOf } from "./scoring-conversations.js";
import { scoringMemberCases } from "./scoring-member-cases.js";
import { scoringRuleCases } from "./scoring-rule-cases.js";
import { scoringStateCases } from "./scoring-state-cases.js";

/**
 * What a conversation relies on in a `PeerScoringPlugin`, whatever an event costs by its rules: who has a score, that
 * all members come to the same one, joiners by their snapshot, and that its state is plain data which it changes
 * nowhere but in what it returns.
 *
 * @param plugin the implementation under test
 * @typeParam S its state
 *
 * @example
 * ```ts
 * describe("my scoring", () => {
 *   for (const { name, run } of peerScoringContract(myScoring)) test(name, run);
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
