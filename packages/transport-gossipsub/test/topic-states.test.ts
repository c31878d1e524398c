import { beforeEach, describe, expect, it } from "vitest";
import { Subscriptions } from "../src/subscriptions.js";
import { TopicStates } from "../src/topic-states.js";

/** Number of subscribers per topic. */
let subscribers: Map<string, number>;
/** Number of peers in the mesh of each topic. */
let meshed: number;
/** Topics that were queried, in order. */
let asked: string[];
let subscriptions: Subscriptions;
let states: TopicStates;

beforeEach(() => {
  subscribers = new Map();
  [asked, meshed] = [[], 0];
  subscriptions = new Subscriptions((conversationId) => conversationId);
  const getSubscribers = (topic: string): never[] => {
    asked.push(topic);
    return new Array<never>(subscribers.get(topic) ?? 0);
  };
  states = new TopicStates({ getSubscribers, getMeshPeers: () => new Array<string>(meshed) }, subscriptions);
  for (const topic of ["a", "b", "c"]) subscriptions.add(topic, () => undefined);
});

function counts(): number[] {
  return states.all.map((state) => state.subscribers);
}

describe("the states of topics", () => {
  it("are recomputed for changed topics only", () => {
    expect(counts()).toEqual([0, 0, 0]);
    subscribers.set("b", 1);
    asked = [];
    states.note("b");
    expect(counts()).toEqual([0, 1, 0]);
    expect(asked).toEqual(["b"]);
  });

  it("are all recomputed after a change of any topic", () => {
    expect(counts()).toEqual([0, 0, 0]);
    for (const topic of ["a", "c"]) subscribers.set(topic, 2);
    states.noteAll();
    expect(counts()).toEqual([2, 0, 2]);
  });

  it("cover the subscribed topics", () => {
    expect(counts()).toHaveLength(3);
    const end = subscriptions.add("d", () => undefined);
    expect(states.all.map(({ topic }) => topic)).toEqual(["a", "b", "c", "d"]);
    end();
    states.note("d");
    expect(states.all.map(({ topic }) => topic)).toEqual(["a", "b", "c"]);
  });

  it.each([
    [0, 0, false],
    [1, 0, false],
    [1, 1, true],
    [3, 2, false],
    [3, 3, true],
    [9, 3, false],
    [9, 4, true],
  ])("of %i subscribers, %i of them in the mesh, are connected: %s", (all, inMesh, isConnected) => {
    subscribers.set("a", all);
    meshed = inMesh;
    expect(states.isConnected("a")).toBe(isConnected);
  });
});
