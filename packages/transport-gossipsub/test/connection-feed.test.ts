import { beforeEach, describe, expect, it } from "vitest";
import { ConnectionFeed } from "../src/connection-feed.js";
import type { ConnectionState } from "../src/index.js";

const NONE = {
  oversized: 0,
  undecodable: 0,
  unasked: 0,
  forged: 0,
  repeated: 0,
  overRate: 0,
  duplicate: 0,
  echo: 0,
};

const TOPIC = { topic: "t", conversationIds: ["garden"], subscribers: 0, mesh: 0 };

let peers: string[];
let looks: number;
let feed: ConnectionFeed;
let told: (readonly string[])[];
let isComplete: boolean;

beforeEach(() => {
  peers = [];
  looks = 0;
  isComplete = false;
  feed = new ConnectionFeed(() => {
    looks += 1;
    return { peers: [...peers], topics: [], waiting: 0, dropped: NONE } satisfies ConnectionState;
  });
  told = [];
  feed.states$.subscribe({ next: (state) => told.push(state.peers), complete: () => (isComplete = true) });
});

describe("the states of a connection", () => {
  it("emit the current state and each change", async () => {
    peers = ["bob"];
    feed.note();
    await Promise.resolve();
    expect(told).toEqual([[], ["bob"]]);
    const later: (readonly string[])[] = [];
    feed.states$.subscribe((state) => later.push(state.peers));
    expect(later).toEqual([["bob"]]);
  });

  it("emit changes that arrive together once", async () => {
    for (let i = 0; i < 400; i++) {
      peers = [`${i}`];
      feed.note();
    }
    await Promise.resolve();
    expect(told).toEqual([[], ["399"]]);
    expect(looks).toBe(2);
  });

  it.each<[string, Partial<ConnectionState>]>([
    ["its peers", { peers: ["bob"] }],
    ["the number of waiting packets", { waiting: 1 }],
    ["the dropped packets", { dropped: { ...NONE, echo: 1 } }],
    ["its topics", { topics: [] }],
    ["a topic's conversations", { topics: [{ ...TOPIC, conversationIds: ["garden", "cellar"] }] }],
    ["a topic's subscribers", { topics: [{ ...TOPIC, subscribers: 1 }] }],
    ["a topic's mesh", { topics: [{ ...TOPIC, mesh: 1 }] }],
  ])("emit a change of %s", async (_what, changes) => {
    let state: ConnectionState = { peers: [], topics: [TOPIC], waiting: 0, dropped: NONE };
    const states: ConnectionState[] = [];
    feed = new ConnectionFeed(() => state);
    feed.states$.subscribe((it) => states.push(it));
    state = { ...state, topics: [{ ...TOPIC }] };
    feed.note();
    await Promise.resolve();
    expect(states).toHaveLength(1);
    state = { ...state, ...changes };
    feed.note();
    await Promise.resolve();
    expect(states[1]).toEqual(state);
  });

  it("emit nothing without a change", async () => {
    feed.note();
    await Promise.resolve();
    expect(told).toEqual([[]]);
  });

  it("complete on close, whatever changed before", async () => {
    peers = ["bob"];
    feed.note();
    feed.close();
    feed.note();
    await Promise.resolve();
    expect(told).toEqual([[]]);
    expect(isComplete).toBe(true);
  });
});
