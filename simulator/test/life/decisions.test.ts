import { memberIdFromBytes } from "@demls/wire/core";
import type { ChangeRequest, ConversationEvent } from "demls";
import { beforeEach, expect, it } from "vitest";
import { watchDecisions } from "../../src/life/decisions.js";
import type { Person } from "../../src/world/person.js";

const MINUTE_MS = 60_000;
const ELECTION: ChangeRequest = { kind: "electStewards", stewards: [], electionEpoch: 4n, retryRound: 0 };

let violations: string[];
let nowMs: number;
let founder: Person, old: Person, newcomer: Person;
let tell: (person: Person, event: object) => void;

function person(name: string, byte: number, sinceMs: number): Person {
  const id = memberIdFromBytes(new Uint8Array(20).fill(byte));
  return { name, id, diary: { memberSinceMs: sinceMs }, puppet: undefined, wallSkewMs: 0 } as never;
}

/** The votes of some on a request, and its decision, as one sees it. */
function decide(seer: Person, request: ChangeRequest, ...voters: readonly Person[]): void {
  for (const { id } of voters) tell(seer, { kind: "voteCast", proposalId: 7, voter: id, vote: true });
  tell(seer, { kind: "proposalDecided", proposalId: 7, request, result: "yes" });
}

beforeEach(() => {
  violations = [];
  nowMs = 100 * MINUTE_MS;
  [founder, old, newcomer] = [person("founder", 1, 0), person("old", 2, 0), person("newcomer", 3, nowMs)];
  const people = [founder, old, newcomer];
  for (const each of people) Object.assign(each, { conversation: { state: { members: people } } });
  const observers: ((who: Person, event: ConversationEvent) => void)[] = [];
  const world = {
    ...{ people, clock: { monotonicMs: () => nowMs }, count: () => undefined },
    onEvent: (observer: (typeof observers)[number]) => void observers.push(observer),
    violate: (text: string) => violations.push(text),
  };
  watchDecisions(world as never, 30 * MINUTE_MS);
  tell = (who, event) => {
    for (const observer of observers) observer(who, event as ConversationEvent);
  };
});

it("Settled members decide on anything, and those on probation on joiners and their own leave", () => {
  decide(founder, ELECTION, founder, old);
  decide(old, { kind: "add", member: old.id, keyPackage: new Uint8Array() }, old, newcomer);
  tell(founder, { kind: "voteCast", proposalId: 8, voter: newcomer.id, vote: true });
  const leave = { kind: "remove", member: newcomer.id };
  tell(founder, { kind: "proposalDecided", proposalId: 8, request: leave, result: "yes" });
  expect(violations).toEqual([]);
});

it.each<ChangeRequest>([
  ELECTION,
  { kind: "emergency", evidence: undefined },
  { kind: "remove", member: "01" as never },
])("A vote on $kind of a member on probation is against the rules", (request) => {
  decide(founder, request, old, newcomer);
  expect(violations).toEqual([`founder: newcomer, on probation, decides on ${request.kind}`]);
});

it("A probation ends, and rules for nobody where none is settled", () => {
  nowMs += 15 * MINUTE_MS;
  decide(founder, ELECTION, old, newcomer);
  const state = { members: [newcomer] };
  nowMs -= 15 * MINUTE_MS;
  Object.assign(newcomer, { conversation: { state } });
  decide(newcomer, ELECTION, newcomer);
  expect(violations).toEqual([]);
});
