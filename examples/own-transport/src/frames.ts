import type { Readable, Writable } from "node:stream";

/** Maximum frame size. A connection that announces a larger frame is closed. */
export const MAX_FRAME_BYTES = 1_048_576;

/** Maximum number of bytes buffered for a slow reader; beyond it the connection is closed. */
const MAX_UNSENT_BYTES = 8 * MAX_FRAME_BYTES;

/** Memory overhead of a buffered frame: its buffer, promise and queue entry. Measured. */
const WAITING_FRAME_BYTES = 1_024;

/** Initial buffer size of an incoming frame. */
const FIRST_BYTES = 4_096;

const HEADER_BYTES = 4;

/** Writes one frame. Resolves when the operating system has accepted it. */
export type WriteFrame = (content: Uint8Array) => Promise<void>;

/**
 * Creates the writer of a connection. Each frame follows its length as a big-endian u32, since TCP has no message
 * boundaries. An empty frame is a ping, which the relay answers with an empty frame.
 *
 * @returns a function that writes a frame; it rejects if the connection is closed or its reader too slow
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

/** Calls `onFrame` with each frame, in order. Closes a connection that announces too large a frame. */
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

/** A part of the stream of known length. */
interface Part {
  /** Copies its bytes from a chunk, and returns the rest. */
  take(chunk: Uint8Array): Uint8Array;
  /** Its bytes, once complete. */
  whole(): Uint8Array | undefined;
}

/** Its buffer grows with the received bytes, so that a large announced length alone allocates nothing. */
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
