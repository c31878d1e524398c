import type { HistoryOptions, Packet, Transport } from "@demls/wire/core";
import { broken, expectEqual } from "./contract-case.js";
import { packetOf, spelled } from "./transport-members.js";

/** A transport that the contract closes. */
export interface ClosableTransport extends Transport {
  /** Closes the transport. */
  close(): Promise<void>;
}

/** A transport that has a history. */
export type HistoryTransport = ClosableTransport & { readonly history: NonNullable<Transport["history"]> };

/**
 * Members connected by the transport under test and one history of their packets, as reliable as it can be. It keeps
 * the subtopics `welcome`, `app_msg` and `my-beacons`, and at least a hundred packets.
 */
export interface HistoryNetwork {
  /** Connects one more member, with `history`. */
  join(): ClosableTransport | Promise<ClosableTransport>;
  /** Resolves when all published packets have been delivered and kept. */
  settle(): Promise<void>;
  /** Wall-clock time of the members and the history, in Unix ms. It moves by {@link HistoryNetwork.pass} only. */
  wallMs(): number;
  /** Lets wall-clock time pass. */
  pass(ms: number): void | Promise<void>;
  /**
   * Number of questions to the history that the members have under way, such as open streams and their timers.
   *
   * @defaultValue the contract does not check it
   */
  underWay?(): number;
  /**
   * Whether the transport does not support this name of a conversation. `history` must then reject.
   *
   * @defaultValue all names are supported
   */
  refuses?(name: string): boolean;
  /** Releases the network's resources after a case. */
  close?(): Promise<void>;
}

/** Creates a network without members and packets. Each call returns another one. */
export type CreateHistoryNetwork = () => HistoryNetwork | Promise<HistoryNetwork>;

/** Connects a member. @throws DemlsError `contract-broken` if its transport has no history */
export async function joined(network: HistoryNetwork): Promise<HistoryTransport> {
  const transport = await network.join();
  if (hasHistory(transport)) return transport;
  throw broken("The transport has no history.");
}

function hasHistory(transport: ClosableTransport): transport is HistoryTransport {
  return typeof transport.history === "function";
}

/** Iterator of a history of the conversation `garden`. */
export function iteratorOf(
  transport: HistoryTransport,
  options: HistoryOptions = {},
): AsyncIterator<Packet, unknown> {
  return transport.history("garden", 0, options)[Symbol.asyncIterator]();
}

/** Copies of all packets of a history, without repetitions. */
export async function read(
  transport: HistoryTransport,
  { conversationId = "garden", since = 0 }: { conversationId?: string; since?: number } = {},
): Promise<readonly Packet[]> {
  const iterator = transport.history(conversationId, since)[Symbol.asyncIterator]();
  return readOn(iterator, await iterator.next());
}

/** Copies of a packet and all that follow it, without repetitions. */
export async function readOn(
  iterator: AsyncIterator<Packet, unknown>,
  first: IteratorResult<Packet, unknown>,
): Promise<readonly Packet[]> {
  const packets = new Map<string, Packet>();
  for (let next = first; next.done !== true; next = await iterator.next()) {
    const key = spelled(next.value);
    const { payload, appId } = next.value;
    if (!packets.has(key))
      packets.set(key, { ...next.value, payload: Uint8Array.from(payload), appId: Uint8Array.from(appId) });
  }
  return [...packets.values()];
}

/** @throws DemlsError `contract-broken` unless a history has exactly these packets, in this order. */
export function expectHistory(found: readonly Packet[], expected: readonly Packet[], what: string): void {
  expectEqual(found.map(spelled), expected.map(spelled), what);
}

/** Publishes numbered packets of two members in turn, some milliseconds apart. */
export async function publishNumbers(
  network: HistoryNetwork,
  members: readonly HistoryTransport[],
  count: number,
): Promise<readonly Packet[]> {
  const packets = Array.from({ length: count }, (_, i) => packetOf(`number ${i}`));
  for (const [i, packet] of packets.entries()) {
    await members[i % members.length]?.publish(packet);
    await network.pass(10);
  }
  await network.settle();
  return packets;
}

/** Runs a case on a network of two members, and closes it. */
export async function onHistory(
  create: CreateHistoryNetwork,
  run: (network: HistoryNetwork, alice: HistoryTransport, bob: HistoryTransport) => Promise<void>,
): Promise<void> {
  const network = await create();
  try {
    await run(network, await joined(network), await joined(network));
  } finally {
    await network.close?.();
  }
}
