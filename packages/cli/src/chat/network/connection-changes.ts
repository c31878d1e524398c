import type { DialledAddress } from "@demls/transport-gossipsub/node";
import type { CancelTimer } from "@demls/wire/core";
import type { Clock } from "demls";
import { subscribersOf, unreachable, type ChatTransport, type ConnectionState } from "./chat-transport.js";

/** A new peer sends its subscriptions shortly after it connects; this delay reports both as one change. */
const SETTLING_MS = 1_000;

/** Connection state, and changes of it. */
export interface ConnectionChange {
  readonly connection: ConnectionState;
  /** Number of peers that subscribe to the conversation. */
  readonly subscribers: number;
  /** Addresses that do not answer, each reported once until it answers. */
  readonly silent: readonly DialledAddress[];
  /** Addresses that answer after they were reported. */
  readonly answering: readonly string[];
}

/**
 * Reports changes of the connected peers, of the subscribers of the conversation and of unreachable addresses.
 *
 * @param isWaiting whether to report an initial state without peers.
 * @returns the unsubscribe function.
 */
export function watchConnection(
  transport: ChatTransport,
  conversation: string,
  clock: Clock,
  isWaiting: boolean,
  tell: (change: ConnectionChange) => void,
): () => void {
  let told = isWaiting ? "" : keyOf(transport.connection, 0);
  let cancel: CancelTimer | undefined;
  /** Addresses that were reported and have not answered since. */
  const reported = new Set<string>();

  /** Notes which addresses have begun or ceased to answer. */
  function compare(connection: ConnectionState): Pick<ConnectionChange, "silent" | "answering"> {
    const silent = unreachable(connection).filter(({ address }) => !reported.has(address));
    const connected = connection.dialling.filter(({ state }) => state === "connected");
    const answering = connected.map(({ address }) => address).filter((address) => reported.delete(address));
    for (const { address } of silent) reported.add(address);
    return { silent, answering };
  }

  function tellChange(): void {
    cancel = undefined;
    const { connection } = transport;
    const subscribers = subscribersOf(connection, conversation);
    const key = keyOf(connection, subscribers);
    if (key !== told) tell({ connection, subscribers, ...compare(connection) });
    told = key;
  }

  const changes = transport.connection$.subscribe(() => {
    // Not restarted by further changes: buffered packets cause changes all the time.
    cancel ??= clock.wakeAt(clock.monotonicMs() + SETTLING_MS, tellChange);
  });
  return () => {
    cancel?.();
    changes.unsubscribe();
  };
}

/** Key of the reported values; changes with an equal key are not reported. */
function keyOf(connection: ConnectionState, subscribers: number): string {
  const silent = unreachable(connection).map(({ address }) => address);
  return [connection.isOnline, connection.peers.length, subscribers, ...silent].join(" ");
}
