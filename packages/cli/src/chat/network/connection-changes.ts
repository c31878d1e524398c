import type { CancelTimer } from "@demls/wire/core";
import type { Clock } from "demls";
import { subscribersOf, unreachable, type ChatTransport, type ConnectionState } from "./chat-transport.js";

/** A new peer sends its subscriptions shortly after it connects; this delay reports both as one change. */
const SETTLING_MS = 1_000;

/** Connection state, and the number of peers that subscribe to the conversation. */
export interface ConnectionChange {
  readonly connection: ConnectionState;
  readonly subscribers: number;
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

  function tellChange(): void {
    cancel = undefined;
    const { connection } = transport;
    const subscribers = subscribersOf(connection, conversation);
    const key = keyOf(connection, subscribers);
    if (key !== told) tell({ connection, subscribers });
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
