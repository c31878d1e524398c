import type { CancelTimer, Clock } from "@demls/wire/core";
import type { Connection, Stream } from "@libp2p/interface";
import type { GossipsubNode } from "../gossipsub-transport.js";

/** Maximum time to wait for peers, in ms. */
const FLUSH_MS = 5_000;

/** A protocol that no peer speaks. */
const NO_PROTOCOL = "/demls/1/end";

/**
 * Resolves when peers have read the sent bytes, or after a timeout. Without it libp2p closes streams and connections at
 * once, and buffered bytes are lost.
 */
export async function flush(node: GossipsubNode, clock: Clock): Promise<void> {
  await Promise.all(node.getConnections().map((connection) => hasRead(connection, clock)));
}

/** Resolves when a peer has read the bytes of its connection, or after the timeout; never rejects. */
async function hasRead(connection: Connection, clock: Clock): Promise<void> {
  const timeUp = new AbortController();
  const { signal } = timeUp;
  let cancel: CancelTimer = () => undefined;
  const late = new Promise<void>((resolve) => {
    cancel = clock.wakeAt(clock.monotonicMs() + FLUSH_MS, () => {
      timeUp.abort();
      resolve();
    });
  });
  try {
    // A stream drains any number of times, so it does not listen to the signal: Node would warn of a leak.
    await Promise.race([late, Promise.all(connection.streams.map((stream) => hasDrained(stream, signal)))]);
    signal.throwIfAborted();
    // A peer answers in order: its refusal of an unknown protocol follows all earlier bytes.
    await connection.newStream(NO_PROTOCOL, { signal });
  } catch {
    // The expected refusal, or a connection closed already.
  } finally {
    cancel();
  }
}

/**
 * Resolves when a stream has handed over all its bytes or has ended; after an abort with the next drain at the latest. After a
 * drain the stream sends the next part of its buffer, and may be full again. libp2p's `onDrain` waits for the first drain only.
 */
async function hasDrained(stream: Stream, signal: AbortSignal): Promise<void> {
  while (stream.writableNeedsDrain && stream.status === "open" && !signal.aborted)
    await new Promise<void>((resolve) => {
      const done = (): void => {
        stream.removeEventListener("drain", done);
        stream.removeEventListener("close", done);
        resolve();
      };
      stream.addEventListener("drain", done);
      stream.addEventListener("close", done);
    });
}
