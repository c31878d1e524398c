import type { ContractCase } from "./contract-case.js";
import { historyEndingCases } from "./history-ending-cases.js";
import type { CreateHistoryNetwork } from "./history-members.js";
import { historyPacketCases } from "./history-packet-cases.js";

/**
 * Contract of the optional `history` of a `Transport`: packets with their order and bytes, and the end of an iteration.
 * Packets may be repeated. {@link transportContract} has the other calls.
 *
 * @param create creates a network under test
 *
 * @example
 * ```ts
 * const create = () => {
 *  const clock = createVirtualClock();
 *  const network = createMemoryNetwork({ clock, history: {} });
 *  return {
 *    join: () => network.join(),
 *    settle: () => clock.advance(0),
 *    wallMs: () => clock.wallMs(),
 *    pass: (ms) => clock.advance(ms),
 *  };
 * };
 * for (const { name, run } of transportHistoryContract(create)) test(name, run);
 * ```
 */
export function transportHistoryContract(create: CreateHistoryNetwork): readonly ContractCase[] {
  return [...historyPacketCases(create), ...historyEndingCases(create)];
}
