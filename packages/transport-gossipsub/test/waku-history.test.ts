import { describe, expect, it } from "vitest";
import { startGossipsub } from "../src/node/index.js";
import { connect } from "./loopback.js";
import { platformClock } from "./network.js";
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

/** Address at which nothing listens: the discard port. */
const NOWHERE = "/ip4/127.0.0.1/tcp/9";

const nodes = startHistoryNodes();

describe("a history from Waku stores", () => {
  it("asks for the conversation's topics since that time, forward, in pages of twenty", async () => {
    const { first: store } = nodes;
    const transport = nodes.member([filled(store, 45)], ["my-beacons", "welcome"]);
    const { texts } = await read(transport);
    expect(texts).toEqual(Array.from({ length: 45 }, (_, i) => `${i}`));
    expect(store.requests).toHaveLength(3);
    expect(new Set(store.requests.map(({ id }) => id)).size).toBe(3);
    for (const [i, { id: _id, cursor, ...request }] of store.requests.entries()) {
      expect(cursor === undefined).toBe(i === 0);
      expect(request).toEqual({
        data: true,
        pubsub: "/waku/2/rs/15/1",
        topics: ["welcome", "app_msg", "repair", "my-beacons"].map((name) => `/garden/1/${name}/proto`),
        start: SINCE_MS * 1_000_000,
        hashes: [],
        forward: true,
        limit: 20,
      });
    }
  });

  it("asks for a page only when its consumer wants it", async () => {
    const { first: store } = nodes;
    const transport = nodes.member([filled(store, 45)]);
    expect((await read(transport, { limit: 20 })).texts).toHaveLength(20);
    expect(store.requests).toHaveLength(1);
  });

  it("asks for fewer messages when a page has more than 4 MiB", async () => {
    const { first: store } = nodes;
    const sizes = Array.from({ length: 7 }, (_, i) => 900_000 + i);
    for (const [i, size] of sizes.entries())
      store.kept.keep(messageOf(packetOf("", { payload: new Uint8Array(size) }), SINCE_MS + i));
    const transport = nodes.member([store.address]);
    const found: number[] = [];
    for await (const { payload } of transport.history?.("garden", 0) ?? []) found.push(payload.length);
    expect(found).toEqual(sizes);
    expect(store.requests.map(({ limit }) => limit)).toEqual([20, 5, 2, 2, 2, 2]);
  });

  it("asks the next store from the beginning when one fails, and none after one that answered to the end", async () => {
    const half = nodes.firstThat(async (request, { kept, respond, stream }) => {
      if (request.cursor) stream.abort(new Error("The store ends."));
      else await respond(kept.answer(request));
    });
    filled(nodes.first, 30);
    const { texts, error } = await read(nodes.member([NOWHERE, half, filled(nodes.second, 2), half]));
    expect(error).toBeUndefined();
    expect(texts).toEqual([...Array.from({ length: 20 }, (_, i) => `${i}`), "0", "1"]);
    expect(nodes.first.requests).toHaveLength(2);
  });

  it("asks a connected peer by its id alone", async () => {
    filled(nodes.first, 1);
    await connect(nodes.node, nodes.first.node);
    const transport = nodes.member([`/p2p/${String(nodes.first.node.peerId)}`]);
    expect((await read(transport)).texts).toEqual(["0"]);
  });

  it("comes with a node of its own too", async () => {
    const random = { bytes: (length: number) => new Uint8Array(length).fill(9) };
    const stores = { addresses: [filled(nodes.first, 1)] };
    const options = { clock: platformClock, random, framing: "waku", stores } as const;
    const transport = await startGossipsub(options);
    try {
      expect((await read(transport)).texts).toEqual(["0"]);
      transport.goOffline();
      expect((await read(transport)).error).toMatchObject({ code: "history-unavailable" });
    } finally {
      await transport.close();
    }
  });

  it("accepts an answer without the question's id and the topic, which the specification does not require", async () => {
    const store = nodes.firstThat((_, { respond }) =>
      respond({ status: 204, entries: [{ message: messageOf(packetOf("hello")) }] }),
    );
    expect(await read(nodes.member([store]))).toEqual({ texts: ["hello"] });
  });

  it("ignores entries that are no message", async () => {
    const store = nodes.firstThat(({ id }, { respond }) => {
      const entries = [{}, { message: Uint8Array.of(0xff) }, entryOf("hello"), { hash: cursorOf(1) }];
      return respond({ id, status: 200, entries });
    });
    expect(await read(nodes.member([store]))).toEqual({ texts: ["hello"] });
  });

  it("sends the largest time for a later one", async () => {
    const { first: store } = nodes;
    const transport = nodes.member([filled(store, 1)]);
    for await (const packet of transport.history?.("garden", Number.MAX_VALUE) ?? [])
      expect(packet).toBe(undefined);
    expect(store.requests.map(({ start }) => start)).toEqual([2 ** 63]);
  });
});
