import { Readable, Writable } from "node:stream";
import { bytesToHex } from "@demls/wire/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { frameWriter, MAX_FRAME_BYTES, readFrames } from "../src/frames.js";

/** A connection whose chunks the test controls. */
function incoming(): { readonly frames: Uint8Array[]; readonly come: (chunk: Buffer) => void } {
  const socket = new Readable({ read: () => undefined });
  const frames: Uint8Array[] = [];
  readFrames(socket, (frame) => frames.push(frame));
  return { frames, come: (chunk) => void socket.emit("data", chunk) };
}

function announced(length: number): Buffer {
  const header = Buffer.alloc(4);
  header.writeUInt32BE(length);
  return header;
}

describe("Frames", () => {
  test("are read as they were written, for any chunk boundaries", () => {
    const anyFrames = fc.array(fc.uint8Array({ maxLength: 10_000, size: "max" }), { maxLength: 5 });
    fc.assert(
      fc.property(anyFrames, fc.array(fc.nat({ max: 5_000 }), { minLength: 1 }), (sent, cuts) => {
        const stream = Buffer.concat(sent.flatMap((frame) => [announced(frame.length), frame]));
        const { frames, come } = incoming();
        for (let at = 0, turn = 0; at < stream.length; turn++) {
          const next = at + 1 + cuts[turn % cuts.length]!;
          come(stream.subarray(at, next));
          at = next;
        }
        expect(frames.map(bytesToHex)).toEqual(sent.map(bytesToHex));
      }),
      { numRuns: 20 },
    );
  });

  test("do not retain the chunks of the stream", () => {
    const { frames, come } = incoming();
    const chunk = Buffer.alloc(1);
    for (const byte of [0, 0, 0, 3, 1, 2, 3]) {
      chunk[0] = byte;
      come(chunk);
    }
    expect(frames).toEqual([Uint8Array.of(1, 2, 3)]);
  });

  test("that are announced but not sent allocate no memory", () => {
    const { arrayBuffers: before } = process.memoryUsage();
    const connections = Array.from({ length: 64 }, incoming);
    for (const { come } of connections) {
      come(announced(MAX_FRAME_BYTES));
      come(Buffer.of(1));
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(MAX_FRAME_BYTES);
    expect(connections.flatMap(({ frames }) => frames)).toEqual([]);
  });

  test("that are empty are bounded in number for a slow reader", async () => {
    const socket = new Writable({ write: () => undefined });
    const write = frameWriter(socket);
    for (let number = 0; number < 10_000; number++) write(new Uint8Array()).catch(() => undefined);
    expect(socket.destroyed).toBe(true);
    await expect(write(new Uint8Array())).rejects.toThrow("too slow");
  });
});
