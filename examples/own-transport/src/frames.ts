import type { Readable, Writable } from "node:stream";

/** No packet is larger: what announces more is no member, and would only fill the memory. */
export const MAX_FRAME_BYTES = 1_048_576;

/** What waits for a slow reader at most, before its connection is given up. */
const MAX_UNSENT_BYTES = 8 * MAX_FRAME_BYTES;

/** What a waiting frame takes beside its content: its buffer, its promise, its place in the queue. Measured. */
const WAITING_FRAME_BYTES = 1_024;

/** What a frame takes at first, until more of it has come. */
const FIRST_BYTES = 4_096;

const HEADER_BYTES = 4;

/** Writes one frame. It resolves when the system has taken it. */
export type WriteFrame = (content: Uint8Array) => Promise<void>;

/**
 * TCP is a stream of bytes without edges: each frame goes behind its length, a big-endian u32. An empty frame is a
 * question, which the relay answers with another one.
 *
 * @returns writes a frame; rejects where the connection is gone, or its reader too slow
 */
export function frameWriter(socket: Writable): WriteFrame {
  let waiting = 0;

  return (content) => {
    if (content.length > MAX_FRAME_BYTES) return Promise.reject(new Error("The packet is too large."));
    if (socket.writableLength + waiting * WAITING_FRAME_BYTES > MAX_UNSENT_BYTES) {
      socket.destroy();
      return Promise.reject(new Error("The reader is too slow."));
    }
    const frame = Buffer.alloc(HEADER_BYTES + content.length);
    frame.writeUInt32BE(content.length);
    frame.set(content, HEADER_BYTES);
    waiting += 1;
    return new Promise((resolve, reject) => {
      socket.write(frame, (error) => {
        waiting -= 1;
        if (error) reject(error);
        else resolve();
      });
    });
  };
}

/** Calls `onFrame` with each frame that comes, in order. Whoever announces one that is too large is cut off. */
export function readFrames(socket: Readable, onFrame: (content: Uint8Array) => void): void {
  let part = createPart(HEADER_BYTES);
  let isHeader = true;

  socket.on("data", (chunk: Buffer) => {
    let rest: Uint8Array = chunk;
    while (!socket.destroyed) {
      rest = part.take(rest);
      const bytes = part.whole();
      if (bytes === undefined) return;
      if (isHeader) {
        const announced = new DataView(bytes.buffer).getUint32(0);
        if (announced > MAX_FRAME_BYTES) return void socket.destroy();
        part = createPart(announced);
      } else {
        part = createPart(HEADER_BYTES);
        onFrame(bytes);
      }
      isHeader = !isHeader;
    }
  });
}

/** A part of the stream with a length that is known. */
interface Part {
  /** Copies what belongs to it, and returns what follows. */
  take(chunk: Uint8Array): Uint8Array;
  /** Its bytes, where all have come. */
  whole(): Uint8Array | undefined;
}

/** Its memory grows with what has come: whoever announces much and sends little takes little. */
function createPart(length: number): Part {
  let bytes = new Uint8Array(Math.min(length, FIRST_BYTES));
  let filled = 0;

  function grow(needed: number): void {
    const grown = new Uint8Array(Math.min(length, Math.max(needed, 2 * bytes.length)));
    grown.set(bytes);
    bytes = grown;
  }

  return {
    take(chunk) {
      const own = chunk.subarray(0, length - filled);
      if (filled + own.length > bytes.length) grow(filled + own.length);
      bytes.set(own, filled);
      filled += own.length;
      return chunk.subarray(own.length);
    },
    whole: () => (filled === length ? bytes : undefined),
  };
}
