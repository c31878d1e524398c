import type { CancelTimer } from "@demls/wire/core";
import type { Clock } from "demls";
import { subscribersOf, unreachable, type ChatTransport, type ConnectionState } from "./chat-transport.js";

/** A peer that connects tells shortly after what it listens to: the two are one change. */
const SETTLING_MS = 1_000;

/** A connection, and how many of its peers listen to the conversation. */
export interface ConnectionChange {
  readonly connection: ConnectionState;
  readonly subscribers: number;
}

/**
 * Tells of the connection when peers have come or gone, or begun or ceased to listen to the conversation, and when an
 * address does not answer; of having no peer from the beginning only where `isWaiting` says that others are waited for.
 *
 * @returns what ends it.
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

  function tellChange(): void {
    cancel = undefined;
    const { connection } = transport;
    const subscribers = subscribersOf(connection, conversation);
    const key = keyOf(connection, subscribers);
    if (key !== told) tell({ connection, subscribers });
    told = key;
  }

  const changes = transport.connection$.subscribe(() => {
    // Not anew with each change: packets that wait for a peer bring some all the time.
    cancel ??= clock.wakeAt(clock.monotonicMs() + SETTLING_MS, tellChange);
  });
  return () => {
    cancel?.();
    changes.unsubscribe();
  };
}

/** The same for connections that are told of alike. */
function keyOf(connection: ConnectionState, subscribers: number): string {
  const silent = unreachable(connection).map(({ address }) => address);
  return [connection.isOnline, connection.peers.length, subscribers, ...silent].join(" ");
}
