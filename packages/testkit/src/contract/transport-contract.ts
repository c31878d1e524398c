import type { ContractCase } from "./contract-case.js";
import { bytesCases } from "./transport-bytes-cases.js";
import { deliveryCases } from "./transport-delivery-cases.js";
import { endingCases } from "./transport-ending-cases.js";
import type { CreateTransportNetwork } from "./transport-members.js";

/**
 * What a user relies on in a `Transport`: who gets a packet and who does not, that its bytes are each holder's own,
 * and when a subscription ends. Order and number of deliveries are free, so a packet may come more than once. A packet that nobody
 * listens for may be refused.
 *
 * @param create makes a network of the implementation under test
 *
 * @example
 * ```ts
 * const create = () => {
 *   const network = createMyNetwork();
 *   return { join: () => network.connect(), settle: () => network.idle(), close: () => network.close() };
 * };
 * for (const { name, run } of transportContract(create)) test(name, run);
 * ```
 */
export function transportContract(create: CreateTransportNetwork): readonly ContractCase[] {
  return [...deliveryCases(create), ...bytesCases(create), ...endingCases(create)];
}
