import type { Socket } from "node:net";

/** No packet is larger: what announces more is no member, and would only fill the memory. */
export const MAX_FRAME_BYTES = 1_048_576;

/** What waits for a slow reader at most, before its connection is given up. */
const MAX_UNSENT_BYTES = 8 * MAX_FRAME_BYTES;

const HEADER_BYTES = 4;

/**
 * TCP is a stream of bytes without edges: each frame goes behind its length, a big-endian u32. An empty frame is a
 * question, which the relay answers with another one.
 *
 * @returns resolves when the system has taken it; rejects where the connection is gone, or its reader too slow
 */
export function writeFrame(socket: Socket, content: Uint8Array): Promise<void> {
  if (content.length > MAX_FRAME_BYTES) return Promise.reject(new Error("The packet is too large."));
  if (socket.writableLength > MAX_UNSENT_BYTES) {
    socket.destroy();
    return Promise.reject(new Error("The reader is too slow."));
  }
  const frame = Buffer.alloc(HEADER_BYTES + content.length);
  frame.writeUInt32BE(content.length);
  frame.set(content, HEADER_BYTES);
  return new Promise((resolve, reject) => {
    socket.write(frame, (error) => (error ? reject(error) : resolve()));
  });
}

/** Calls `onFrame` with each frame that comes, in order. Whoever announces one that is too large is cut off. */
export function readFrames(socket: Socket, onFrame: (content: Uint8Array) => void): void {
  let chunks: readonly Buffer[] = [];
  let length = 0;

  /** The next so many bytes, where they have come. */
  function take(count: number): Buffer | undefined {
    if (length < count) return undefined;
    const all = chunks.length === 1 ? (chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(chunks);
    chunks = [all.subarray(count)];
    length -= count;
    return all.subarray(0, count);
  }

  let announced: number | undefined;
  socket.on("data", (chunk: Buffer) => {
    chunks = [...chunks, chunk];
    length += chunk.length;
    for (;;) {
      announced ??= take(HEADER_BYTES)?.readUInt32BE();
      if (announced === undefined) return;
      if (announced > MAX_FRAME_BYTES) return void socket.destroy();
      const content = take(announced);
      if (content === undefined) return;
      announced = undefined;
      onFrame(Uint8Array.from(content));
    }
  });
}
