import type { ContractCase } from "./contract-case.js";
import { bytesCases } from "./transport-bytes-cases.js";
import { dialCases } from "./transport-dial-cases.js";
import { deliveryCases } from "./transport-delivery-cases.js";
import { endingCases } from "./transport-ending-cases.js";
import type { CreateTransportNetwork } from "./transport-members.js";

/**
 * Contract of a `Transport`: delivery to subscribers only, ownership of bytes, and the end of subscriptions. Packets
 * may arrive in any order and more than once. A packet without subscribers may be rejected, with `no-peers`.
 *
 * @param create creates a network under test
 *
 * @example
 * ```ts
 * const create = () => {
 *  const network = createMyNetwork();
 *  return { join: () => network.connect(), settle: () => network.idle(), close: () => network.close() };
 * };
 * for (const { name, run } of transportContract(create)) test(name, run);
 * ```
 */
export function transportContract(create: CreateTransportNetwork): readonly ContractCase[] {
  return [...deliveryCases(create), ...bytesCases(create), ...endingCases(create), ...dialCases(create)];
}
