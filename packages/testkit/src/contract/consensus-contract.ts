import type { ConsensusPlugin } from "@demls/consensus";
import { decisionCases } from "./consensus-decision-cases.js";
import { orderCases } from "./consensus-order-cases.js";
import { proposalCases } from "./consensus-proposal-cases.js";
import { consensusStateCases } from "./consensus-state-cases.js";
import { voteCases } from "./consensus-vote-cases.js";
import type { ContractCase } from "./contract-case.js";

/**
 * Contract of a `ConsensusPlugin` with any algorithm. States are values; a proposal is accepted once; votes count once,
 * for their owners; every proposal gets a decision; every request has an electorate.
 *
 * The algorithm may require any majority: the cases require only that a unanimous ballot gets its result. If the
 * plug-in supports the rule `"majority"`, a full ballot of three to five voters must give the same result in any order
 * of votes. The cases are independent of each other and wait for nothing. `createFakeSigner` signs the votes: the cases
 * test the algorithm, with the verifier passed in each call.
 *
 * @param create creates the plug-in under test
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
