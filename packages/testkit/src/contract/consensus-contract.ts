import type { ConsensusPlugin } from "@demls/consensus";
import { decisionCases } from "./consensus-decision-cases.js";
import { orderCases } from "./consensus-order-cases.js";
import { proposalCases } from "./consensus-proposal-cases.js";
import { consensusStateCases } from "./consensus-state-cases.js";
import { voteCases } from "./consensus-vote-cases.js";
import type { ContractCase } from "./contract-case.js";

/**
 * What a conversation relies on in a `ConsensusPlugin`, whatever the algorithm: states that are values, proposals that
 * are taken once, votes that count once and are their owners', a decision for every proposal, and an electorate.
 *
 * By which majority it decides is its own. The cases ask that a unanimous ballot gets what it says, and that a plug-in
 * which accepts the rule `"majority"` decides a full ballot of three to five voters alike in any order of its votes. The
 * cases are independent of each other and wait for nothing. Votes are signed by `createFakeSigner`: what is asked is the
 * algorithm, with the verifier that each call brings.
 *
 * @param create makes the plug-in under test
 *
 * @example
 * ```ts
 * for (const { name, run } of consensusContract(() => createMyConsensus())) test(name, run);
 * ```
 */
export function consensusContract<S>(create: () => ConsensusPlugin<S>): readonly ContractCase[] {
  return [
    ...proposalCases(create),
    ...voteCases(create),
    ...decisionCases(create),
    ...orderCases(create),
    ...consensusStateCases(create),
  ];
}
