import type { Stream } from "@libp2p/interface";

/** A piece of a stream, as it came. */
type Chunk = Parameters<Stream["push"]>[0];

/** Bytes that may wait to be read before the stream is paused. */
const MAX_WAITING_BYTES = 524_288;

/** What gossipsub reads a peer by. */
export interface PacedStream extends AsyncIterable<Chunk> {
  readonly protocol: string;
  close(): Promise<void>;
  abort(error: Error): void;
}

/**
 * A stream that takes nothing more while what it has brought is not read, so that the peer's window fills up and holds
 * it back. libp2p 3.3 puts whatever comes into a queue without a bound where a stream is iterated.
 */
export function pacedStream(stream: Stream): PacedStream {
  return {
    protocol: stream.protocol,
    close: () => {
      // gossipsub closes it as soon as the connection is gone. What libp2p holds back for it would be lost then.
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
      // What came while it was paused comes at once.
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
