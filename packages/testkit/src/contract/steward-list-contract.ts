import type { StewardListPlugin } from "@demls/steward";
import type { ContractCase } from "./contract-case.js";
import { stewardElectionCases } from "./steward-election-cases.js";
import { stewardListCases } from "./steward-list-cases.js";
import { stewardStateCases } from "./steward-state-cases.js";
import { stewardTurnCases } from "./steward-turn-cases.js";

/**
 * Contract of a `StewardListPlugin` with any order of stewards. All members derive the same list, joiners from the list
 * alone. An eligible steward always has the turn while there is one. Elections end. The state is immutable plain data.
 *
 * @param plugin the implementation under test
 * @typeParam S its state
 *
 * @example
 * ```ts
 * describe("my steward list", () => {
 *  for (const { name, run } of stewardListContract(myStewards)) test(name, run);
 * });
 * ```
 */
export function stewardListContract<S>(plugin: StewardListPlugin<S>): readonly ContractCase[] {
  return [
    ...stewardListCases(plugin),
    ...stewardTurnCases(plugin),
    ...stewardElectionCases(plugin),
    ...stewardStateCases(plugin),
  ];
}
