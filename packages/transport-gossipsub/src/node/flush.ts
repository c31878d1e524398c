import type { Clock } from "@demls/wire/core";
import type { Connection } from "@libp2p/interface";
import type { GossipsubNode } from "../gossipsub-transport.js";

/** How long peers are waited for at most, in ms. */
const FLUSH_MS = 5_000;

/** A protocol that nobody speaks. */
const NO_PROTOCOL = "/demls/1/end";

/**
 * Resolves when the peers have what was sent to them, or have not taken it in time. libp2p closes streams and their
 * connections at once, and what is still in a buffer is lost with them.
 */
export async function flush(node: GossipsubNode, clock: Clock): Promise<void> {
  await Promise.all(node.getConnections().map((connection) => hasRead(connection, clock)));
}

/** Resolves when a peer has read what its connection carries, or the time is up; never rejects. */
async function hasRead(connection: Connection, clock: Clock): Promise<void> {
  const timeUp = new AbortController();
  const { signal } = timeUp;
  const cancel = clock.wakeAt(clock.monotonicMs() + FLUSH_MS, () => timeUp.abort());
  try {
    for (const stream of connection.streams) await stream.onDrain({ signal });
    // A peer answers what it reads in order: its refusal comes after all that went before.
    await connection.newStream(NO_PROTOCOL, { signal });
  } catch {
    // It was refused, as it had to be; or the connection is closed already.
  } finally {
    cancel();
  }
}
