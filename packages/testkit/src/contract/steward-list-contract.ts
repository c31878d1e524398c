import type { StewardListPlugin } from "@demls/steward";
import type { ContractCase } from "./contract-case.js";
import { stewardElectionCases } from "./steward-election-cases.js";
import { stewardListCases } from "./steward-list-cases.js";
import { stewardStateCases } from "./steward-state-cases.js";
import { stewardTurnCases } from "./steward-turn-cases.js";

/**
 * What a conversation relies on in a `StewardListPlugin`, whatever order it comes to: that all members derive one
 * list, joiners from the list alone, that somebody has the turn while anybody can, that elections end, and that its
 * state is plain data which it changes nowhere but in what it returns.
 *
 * @param plugin the implementation under test
 * @typeParam S its state
 *
 * @example
 * ```ts
 * describe("my steward list", () => {
 *   for (const { name, run } of stewardListContract(myStewards)) test(name, run);
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
