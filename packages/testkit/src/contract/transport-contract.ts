import type { Transport } from "@demls/wire/core";
import type { ContractCase } from "./contract-case.js";
import { bytesCases } from "./transport-bytes-cases.js";
import { deliveryCases } from "./transport-delivery-cases.js";
import { endingCases } from "./transport-ending-cases.js";

/** Members who can reach each other by the transport under test, as reliably as it ever carries packets. */
export interface TransportNetwork {
  /** Connects one more member. */
  join(): Transport | Promise<Transport>;
  /** Resolves when everything that was published has arrived. */
  settle(): Promise<void>;
  /**
   * Whether the transport cannot carry a conversation or a subtopic of that name. It must then refuse it: `publish`
   * and `subscribe` reject.
   *
   * @defaultValue it carries any name
   */
  refuses?(name: string): boolean;
  /** Frees what the network holds, its members' transports too, once a case is over. */
  close?(): Promise<void>;
}

/** Makes a network without members: another one with every call. */
export type CreateTransportNetwork = () => TransportNetwork | Promise<TransportNetwork>;

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
