import type { Stream } from "@libp2p/interface";

/** A received chunk of a stream. */
type Chunk = Parameters<Stream["push"]>[0];

/** Maximum unread bytes; beyond them the stream is paused. */
const MAX_WAITING_BYTES = 524_288;

/** The stream interface that gossipsub reads from. */
export interface PacedStream extends AsyncIterable<Chunk> {
  readonly protocol: string;
  close(): Promise<void>;
  abort(error: Error): void;
}

/**
 * A stream that stops receiving while its bytes are unread, so that the sender's window fills up. libp2p 3.3 queues
 * without a bound when a stream is iterated.
 */
export function pacedStream(stream: Stream): PacedStream {
  return {
    protocol: stream.protocol,
    close: () => {
      // gossipsub closes it as soon as the connection is gone. That would lose bytes that libp2p still holds.
      if (stream.readStatus === "paused") stream.resume();
      return stream.close();
    },
    abort: (error) => stream.abort(error),
    [Symbol.asyncIterator]: () => chunksOf(stream),
  };
}

async function* chunksOf(stream: Stream): AsyncGenerator<Chunk, void, undefined> {
  const chunks: Chunk[] = [];
  let waitingBytes = 0;
  let end: { readonly error?: Error } | undefined;
  let wake = (): void => undefined;
  const onMessage = ({ data }: { data: Chunk }): void => {
    chunks.push(data);
    waitingBytes += data.byteLength;
    if (waitingBytes > MAX_WAITING_BYTES && stream.readStatus === "readable") stream.pause();
    wake();
  };
  const onClose = ({ error }: { error?: Error }): void => {
    end = error ? { error } : {};
    wake();
  };
  const onRemoteCloseWrite = (): void => {
    end ??= {};
    wake();
  };
  stream.addEventListener("message", onMessage);
  stream.addEventListener("close", onClose);
  stream.addEventListener("remoteCloseWrite", onRemoteCloseWrite);
  try {
    for (;;) {
      const more = new Promise<void>((resolve) => (wake = resolve));
      // Resuming delivers the bytes received during the pause at once.
      if (chunks.length === 0 && stream.readStatus === "paused") stream.resume();
      if (chunks.length === 0 && end === undefined) await more;
      const chunk = chunks.shift();
      waitingBytes -= chunk?.byteLength ?? 0;
      if (chunk !== undefined) yield chunk;
      else if (end?.error) throw end.error;
      else if (end) return;
    }
  } finally {
    stream.removeEventListener("message", onMessage);
    stream.removeEventListener("close", onClose);
    stream.removeEventListener("remoteCloseWrite", onRemoteCloseWrite);
  }
}
