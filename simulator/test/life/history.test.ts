import type { CommittedChange, ConversationEvent } from "demls";
import { beforeEach, describe, expect, it } from "vitest";
import { watchHistory, type History } from "../../src/life/history.js";
import type { Person } from "../../src/world/person.js";
import type { Merge } from "../../src/world/records.js";
import type { World } from "../../src/world/world.js";

const LEAVE = 7;
const NAMES = ["alice", "bob", "carol", "dave"];

let violations: string[];
let choosers: Map<string, Set<number>>;
let people: Record<string, Person>;
let history: History;
let merge: (name: string, commit: string, members?: readonly string[]) => void;
let provisional: (name: string) => void;
let leave: (name: string) => void;

beforeEach(() => {
  violations = [];
  choosers = new Map();
  people = Object.fromEntries(
    NAMES.map((name) => [
      name,
      { name, id: name, hasLostBatch: false, puppet: undefined } as unknown as Person,
    ]),
  );
  let changes: readonly CommittedChange[] = [];
  let onMerge: ((person: Person, merge: Merge) => void) | undefined;
  let onEvent: ((person: Person, event: ConversationEvent) => void) | undefined;
  const world = {
    people: Object.values(people),
    records: {
      choosersOf: (_: string, commit: string) => choosers.get(commit) ?? new Set(),
      choiceIn: () => undefined,
      isLeave: (proposalId: number) => proposalId === LEAVE,
    },
    onMerge: (observer: typeof onMerge) => (onMerge = observer),
    onEvent: (observer: typeof onEvent) => (onEvent = observer),
    onPacket: () => undefined,
    count: () => undefined,
    violate: (text: string) => violations.push(text),
  } as unknown as World;
  history = watchHistory(world);
  merge = (name, commit, members = NAMES) => {
    const person = people[name] as Person;
    onMerge?.(person, { epoch: 2n, commit, parent: "aa", members });
    onEvent?.(person, { kind: "commitApplied", epoch: 2n, committer: person.id, changes, urgent: false });
  };
  leave = (name) => {
    const person = people[name] as Person;
    changes = [{ proposalId: LEAVE, request: { kind: "remove", member: person.id } }];
  };
  provisional = (name) =>
    onEvent?.(people[name] as Person, { kind: "provisional", epoch: 2n, chosenBy: 1, members: 4 });
});

describe("A merge", () => {
  it("with a majority, or with `provisional`, keeps the rules", () => {
    choosers.set("aaaa", new Set([0, 1, 2])).set("bbbb", new Set([3]));
    merge("alice", "aaaa");
    merge("dave", "bbbb");
    provisional("dave");
    history.settle();
    expect(violations).toEqual([]);
  });

  it("without a majority breaks them unless it is provisional", () => {
    choosers.set("aaaa", new Set([0, 1]));
    merge("alice", "aaaa");
    history.settle();
    expect(violations).toEqual([expect.stringContaining("chosen by 2 of 4")]);
  });

  it("needs no majority of those that leave by it", () => {
    choosers.set("aaaa", new Set([0, 1]));
    leave("dave");
    merge("alice", "aaaa");
    history.settle();
    expect(violations).toEqual([]);
  });

  it("with a majority breaks them if another commit has one too", () => {
    choosers.set("aaaa", new Set([0, 1, 2])).set("bbbb", new Set([1, 2, 3]));
    merge("alice", "aaaa");
    merge("dave", "bbbb");
    history.settle();
    expect(violations).toEqual([expect.stringContaining("with a majority, and alice aaaa")]);
  });

  it("of another commit with a majority is possible if the member that both majorities share may contradict itself", () => {
    choosers.set("aaaa", new Set([0, 1])).set("bbbb", new Set([1, 2]));
    (people["bob"] as Person).hasLostBatch = true;
    for (const [name, commit] of [
      ["alice", "aaaa"],
      ["carol", "bbbb"],
    ] as const)
      merge(name, commit, ["alice", "bob", "carol"]);
    history.settle();
    expect(violations).toEqual([]);
  });
});
