import type { CancelTimer } from "@demls/wire/core";
import type { Clock } from "demls";
import { subscribersOf, type ChatTransport, type Connection } from "./chat-transport.js";

/** A peer that connects tells shortly after what it listens to: the two are one piece of news. */
const SETTLING_MS = 1_000;

/** A connection, and how many of its peers listen to the conversation. */
export interface ConnectionNews {
  readonly connection: Connection;
  readonly subscribers: number;
}

/**
 * Tells of the connection when peers have come or gone, or begun or ceased to listen to the conversation; of
 * having none from the beginning only where `isWaiting` says that others are waited for.
 *
 * @returns what ends it.
 */
export function followConnection(
  transport: ChatTransport,
  conversation: string,
  clock: Clock,
  isWaiting: boolean,
  tell: (news: ConnectionNews) => void,
): () => void {
  let told = isWaiting ? "" : keyOf(0, 0);
  let cancel: CancelTimer = () => undefined;

  function tellNews(): void {
    const { connection } = transport;
    const subscribers = subscribersOf(connection, conversation);
    const key = keyOf(connection.peers.length, subscribers);
    if (key !== told) tell({ connection, subscribers });
    told = key;
  }

  const changes = transport.connection$.subscribe(() => {
    cancel();
    cancel = clock.wakeAt(clock.monotonicMs() + SETTLING_MS, tellNews);
  });
  return () => {
    cancel();
    changes.unsubscribe();
  };
}

function keyOf(peers: number, subscribers: number): string {
  return `${peers} ${subscribers}`;
}
