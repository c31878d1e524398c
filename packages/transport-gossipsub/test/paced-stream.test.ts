import type { Stream } from "@libp2p/interface";
import { beforeEach, describe, expect, it } from "vitest";
import { pacedStream } from "../src/paced-stream.js";

/** Maximum unread bytes. */
const MAX_WAITING_BYTES = 524_288;

/** A stream controlled by the test that pauses and resumes like libp2p's. */
class FakeStream extends EventTarget {
  readonly protocol = "/test";
  readStatus: "readable" | "paused" = "readable";

  pause(): void {
    this.readStatus = "paused";
  }

  resume(): void {
    this.readStatus = "readable";
  }

  bring(bytes: number): void {
    this.dispatchEvent(Object.assign(new Event("message"), { data: new Uint8Array(bytes) }));
  }

  end(error?: Error): void {
    this.dispatchEvent(Object.assign(new Event("close"), { error }));
  }

  endOfWriting(): void {
    this.dispatchEvent(new Event("remoteCloseWrite"));
  }
}

let stream: FakeStream;
let reader: ReturnType<typeof readerOf>;
beforeEach(() => {
  stream = new FakeStream();
  reader = readerOf(stream);
});

/** Lengths of the read chunks. */
function readerOf(from: FakeStream) {
  const chunks = pacedStream(from as unknown as Stream)[Symbol.asyncIterator]();
  return {
    async next(): Promise<number | undefined> {
      const { done, value } = await chunks.next();
      return done ? undefined : value.byteLength;
    },
  };
}

/** Starts to read, with a first chunk of one byte. */
async function begin(): Promise<void> {
  const first = reader.next();
  stream.bring(1);
  expect(await first).toBe(1);
}

describe("a stream closed during a pause", () => {
  it("yields the held chunks first", async () => {
    const order: string[] = [];
    const held = Object.assign(stream, {
      resume: () => order.push("resumed"),
      close: () => Promise.resolve(order.push("closed")),
    });
    stream.readStatus = "paused";
    await pacedStream(held as unknown as Stream).close();
    expect(order).toEqual(["resumed", "closed"]);
  });
});

describe("an unread stream", () => {
  it("pauses above half a megabyte", async () => {
    await begin();
    stream.bring(MAX_WAITING_BYTES);
    expect(stream.readStatus).toBe("readable");
    stream.bring(1);
    expect(stream.readStatus).toBe("paused");
  });

  it("resumes when all chunks are read", async () => {
    await begin();
    stream.bring(MAX_WAITING_BYTES);
    stream.bring(1);
    expect([await reader.next(), await reader.next()]).toEqual([MAX_WAITING_BYTES, 1]);
    expect(stream.readStatus).toBe("paused");
    const next = reader.next();
    expect(stream.readStatus).toBe("readable");
    stream.bring(2);
    expect(await next).toBe(2);
  });
});

describe("an ended stream with unread chunks", () => {
  it.each([
    ["is closed", () => stream.end()],
    ["is not written to any more", () => stream.endOfWriting()],
  ])("yields its chunks before its end where it %s", async (_, end) => {
    await begin();
    for (const bytes of [2, 3]) stream.bring(bytes);
    end();
    expect([await reader.next(), await reader.next(), await reader.next()]).toEqual([2, 3, undefined]);
  });

  it("yields its chunks before its error", async () => {
    await begin();
    stream.bring(2);
    stream.end(new Error("reset"));
    expect(await reader.next()).toBe(2);
    await expect(reader.next()).rejects.toThrow("reset");
  });
});
