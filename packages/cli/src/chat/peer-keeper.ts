import type { KnownPeer } from "@demls/transport-gossipsub/node";
import type { CancelTimer } from "@demls/wire/core";
import { subscribersOf, type ConnectionState } from "./network/chat-transport.js";
import type { Room } from "./room/room.js";

/** Maximum number of peers that are dialled again after a start; the one that was connected longest ago is evicted. */
const MAX_PEERS = 16;

/** Several peers often connect together; this delay makes one write of them. */
const SETTLING_MS = 1_000;

/** Keeps where the peers of a conversation listen. */
export interface PeerKeeper {
  /** Writes the last change. */
  close(): Promise<void>;
}

/**
 * Keeps where the connected peers of a conversation listen, so that members that joined through a third one find each other
 * after a restart, even if that one is gone.
 *
 * @param onFailed called when a write fails.
 */
export function keepPeers(
  {
    conversation: { name },
    transport,
    clock,
    kept,
  }: Pick<Room, "conversation" | "transport" | "clock" | "kept">,
  onFailed: (error: unknown) => void,
): PeerKeeper {
  let known = "";
  let cancel: CancelTimer | undefined;
  let writing = Promise.resolve();

  async function write(): Promise<void> {
    const before = kept?.settings.peers ?? [];
    const peers = merge(before, await transport.knownPeers(name));
    if (JSON.stringify(peers) !== JSON.stringify(before)) await kept?.remember({ peers });
  }

  function writeNext(): void {
    cancel?.();
    cancel = undefined;
    writing = writing.then(write).catch(onFailed);
  }

  const changes = transport.connection$.subscribe((connection) => {
    const now = keyOf(connection, name);
    if (now === known) return;
    known = now;
    cancel ??= clock.wakeAt(clock.monotonicMs() + SETTLING_MS, writeNext);
  });
  return {
    async close() {
      changes.unsubscribe();
      if (cancel !== undefined) writeNext();
      await writing;
    },
  };
}

function keyOf(connection: ConnectionState, conversation: string): string {
  return [subscribersOf(connection, conversation), ...connection.peers].join(" ");
}

function merge(before: readonly KnownPeer[], connected: readonly KnownPeer[]): readonly KnownPeer[] {
  const ids = new Set(connected.map(({ peerId }) => peerId));
  return [...before.filter(({ peerId }) => !ids.has(peerId)), ...connected].slice(-MAX_PEERS);
}
