import { beforeEach, describe, expect, it } from "vitest";
import { ConnectionFeed } from "../src/connection-feed.js";
import type { ConnectionState } from "../src/index.js";

const NONE = { oversized: 0, undecodable: 0, unasked: 0, forged: 0, duplicate: 0, echo: 0 };

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
  it("are told from the one now, and as they change", async () => {
    peers = ["bob"];
    feed.note();
    await Promise.resolve();
    expect(told).toEqual([[], ["bob"]]);
    const later: (readonly string[])[] = [];
    feed.states$.subscribe((state) => later.push(state.peers));
    expect(later).toEqual([["bob"]]);
  });

  it("are told once of changes that come together", async () => {
    for (let i = 0; i < 400; i++) {
      peers = [`${i}`];
      feed.note();
    }
    await Promise.resolve();
    expect(told).toEqual([[], ["399"]]);
    expect(looks).toBe(2);
  });

  it("are not told again where nothing has changed", async () => {
    feed.note();
    await Promise.resolve();
    expect(told).toEqual([[]]);
  });

  it("end when they are closed, whatever was noted before", async () => {
    peers = ["bob"];
    feed.note();
    feed.close();
    feed.note();
    await Promise.resolve();
    expect(told).toEqual([[]]);
    expect(isComplete).toBe(true);
  });
});
