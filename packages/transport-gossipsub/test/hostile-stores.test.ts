import { createVirtualClock } from "@demls/testkit";
import type { Packet } from "@demls/wire/core";
import { describe, expect, it } from "vitest";
import {
  cursorOf,
  entryOf,
  filled,
  messageOf,
  packetOf,
  read,
  SINCE_MS,
  startHistoryNodes,
} from "./waku-history-nodes.js";
import { encodeResponse, STORE_PROTOCOL, type Serve } from "./waku-store.js";

const nodes = startHistoryNodes();

const isUnavailable = expect.objectContaining({ code: "history-unavailable", field: "stores" }) as unknown;

/** Stores that do not follow the protocol, each with the texts that a history has of it and the reason of its failure. */
const HOSTILE: Readonly<Record<string, readonly [Serve, readonly string[], string]>> = {
  "refuses with a status": [({ id }, { respond }) => respond({ id, status: 429 }), [], "status 429"],
  "tells no status": [({ id }, { respond }) => respond({ id, entries: [entryOf("x")] }), [], "status 0"],
  "refuses with a text": [
    ({ id }, { respond }) => respond({ id, status: 500, description: "\u001b[2J", entries: [entryOf("x")] }),
    [],
    "status 500.",
  ],
  "answers another question": [
    (_, { respond }) => respond({ id: "other", status: 200, entries: [entryOf("x")] }),
    [],
    "another question",
  ],
  "sends another subtopic": [unasked({ subtopic: "other" }), [], "not asked for"],
  "sends another conversation": [unasked({ conversationId: "cellar" }), [], "not asked for"],
  "sends an older message": [
    ({ id }, { respond }) => respond({ id, status: 200, entries: [entryOf("old", SINCE_MS - 1)] }),
    [],
    "not asked for",
  ],
  "sends a message of another pubsub topic": [
    ({ id }, { respond }) =>
      respond({ id, status: 200, entries: [{ ...entryOf("x"), pubsub: "/waku/2/rs/15/2" }] }),
    [],
    "not asked for",
  ],
  "sends more messages than asked for": [
    ({ id }, { respond }) => respond({ id, status: 200, entries: Array(21).fill(entryOf("x")) }),
    [],
    "no valid answer",
  ],
  "repeats a cursor": [
    ({ id }, { respond }) => respond({ id, status: 200, entries: [entryOf("x")], cursor: cursorOf(1) }),
    ["x", "x"],
    "a page again",
  ],
  "sends pages in a circle": [
    ({ id, cursor }, { respond }) => {
      const number = ((cursor?.[0] ?? 0) % 3) + 1;
      return respond({ id, status: 200, entries: [entryOf(`${number}`)], cursor: cursorOf(number) });
    },
    ["1", "2", "3", "1", "2", "3", "1"],
    "a page again",
  ],
  "sends a page without messages that leads further": [
    ({ id, cursor }, { respond }) => respond({ id, status: 200, cursor: cursorOf((cursor?.[0] ?? 0) + 1) }),
    [],
    "without messages",
  ],
  "sends a page of nonsense that leads further": [
    ({ id }, { respond }) =>
      respond({ id, status: 200, entries: [{ message: Uint8Array.of(0xff) }], cursor: cursorOf(1) }),
    [],
    "without messages",
  ],
  "sends a cursor that is no hash": [
    ({ id }, { respond }) => respond({ id, status: 200, entries: [entryOf("x")], cursor: Uint8Array.of(1) }),
    [],
    "no valid answer",
  ],
  "sends no protobuf": [raw(Uint8Array.of(3, 0xff, 0xff, 0xff)), [], "no valid answer"],
  "sends an empty answer": [raw(Uint8Array.of(0)), [], "status 0"],
  "announces 100 MiB": [raw(Uint8Array.of(0x80, 0x80, 0x80, 0x32, 1, 2, 3)), [], "too many bytes"],
  "closes the stream without an answer": [raw(new Uint8Array()), [], "ended the stream"],
  "ends in the midst of an answer": [
    raw(Uint8Array.of(100, ...encodeResponse({ status: 200 }))),
    [],
    "ended the stream",
  ],
  "resets the stream": [
    (_, { stream }) => stream.abort(new Error("The store resets.")),
    [],
    "ended the stream",
  ],
};

function unasked(changes: Partial<Packet>): Serve {
  return ({ id }, { respond }) => {
    const entries = [entryOf("asked for"), { message: messageOf(packetOf("unasked", changes)) }];
    return respond({ id, status: 200, entries });
  };
}

function raw(bytes: Uint8Array): Serve {
  return async (_, { stream }) => {
    if (bytes.length > 0) stream.send(bytes);
    await stream.close();
  };
}

describe("a store that", () => {
  it.each(Object.entries(HOSTILE))("%s is left for the next", async (_what, [serve, texts, reason]) => {
    const hostile = nodes.firstThat(serve);
    const transport = nodes.member([hostile]);
    const alone = await read(transport);
    await transport.close();
    expect(alone).toEqual({ texts, error: isUnavailable });
    expect(alone.error?.message).toContain(reason);
    const honest = filled(nodes.second, 1);
    expect(await read(nodes.member([hostile, honest]))).toEqual({ texts: [...texts, "0"] });
  });

  it("sends a length without an end is left at its fifth byte", async () => {
    const endless = nodes.firstThat(raw(new Uint8Array(5).fill(0xff)));
    const { error } = await read(nodes.member([endless]));
    expect(error?.cause).toMatchObject({ message: "The length of the answer is not valid." });
  });

  it("never ends is read for as long as the consumer wants", async () => {
    let pages = 0;
    const store = nodes.firstThat(({ id }, { respond }) => {
      const cursor = new Uint8Array(32);
      new DataView(cursor.buffer).setUint32(0, (pages += 1));
      return respond({ id, status: 200, entries: [entryOf(`${pages}`, SINCE_MS + pages)], cursor });
    });
    const { texts, error } = await read(nodes.member([store]), { limit: 50 });
    expect(texts).toHaveLength(50);
    expect(error).toBeUndefined();
    expect(pages).toBe(50);
  });

  it("keeps its end of the stream open leaves no stream behind", async () => {
    const answer = encodeResponse({ status: 200, entries: [entryOf("hello")] });
    const open = nodes.firstThat(
      (_, { stream }) => void stream.send(Uint8Array.of(answer.length, ...answer)),
    );
    expect(await read(nodes.member([open]))).toEqual({ texts: ["hello"] });
    const streams = nodes.node.getConnections().flatMap((connection) => connection.streams);
    expect(streams.filter(({ protocol }) => protocol === STORE_PROTOCOL)).toEqual([]);
  });

  it("is silent is left after ten seconds of the given clock", async () => {
    const { asked, serve } = silence();
    const clock = createVirtualClock();
    const honest = filled(nodes.second, 1);
    const history = read(nodes.member([nodes.firstThat(serve), honest], [], clock));
    await asked;
    await clock.advance(9_999);
    expect(nodes.second.requests).toEqual([]);
    await clock.advance(1);
    expect(await history).toEqual({ texts: ["0"] });
  });

  it("is silent does not hold up an abort", async () => {
    const { asked, serve } = silence();
    const ending = new AbortController();
    const clock = createVirtualClock();
    const history = read(nodes.member([nodes.firstThat(serve)], [], clock), { signal: ending.signal });
    await asked;
    ending.abort();
    expect(await history).toEqual({ texts: [] });
    expect(clock.nextWakeMs()).toBeUndefined();
  });

  it("is silent does not hold up the closing of the transport", async () => {
    const { asked, serve } = silence();
    const transport = nodes.member([nodes.firstThat(serve)]);
    const history = read(transport);
    await asked;
    await transport.close();
    expect(await history).toEqual({ texts: [] });
  });
});

function silence(): { readonly asked: Promise<void>; readonly serve: Serve } {
  let note = (): void => undefined;
  const asked = new Promise<void>((resolve) => (note = resolve));
  return { asked, serve: () => note() };
}
