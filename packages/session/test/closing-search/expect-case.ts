import { expect } from "vitest";
import { exampleOf } from "./example.js";
import { isHonest, positionsOf, type Life } from "./life.js";
import { search, type Findings } from "./search.js";

/** A life, and all that the search finds in it. A change of the rules changes the numbers: look why before renewal. */
export interface Case {
  readonly title: string;
  readonly life: Life;
  readonly states: number;
  /** As in {@link Findings}; empty by default. */
  readonly apart?: Findings["apart"];
  /** As in {@link Findings}; empty by default. */
  readonly breaches?: Findings["breaches"];
}

/** Searches a life, and fails unless it finds exactly the listed facts, and the claims of docs/closing.md hold. */
export function expectCase({ life, states, apart = {}, breaches = {} }: Case): void {
  const found = search(life);
  const listed = [...Object.keys(apart), ...Object.keys(breaches)];
  const news = [...Object.keys(found.apart), ...Object.keys(found.breaches)].find(
    (name) => !listed.includes(name),
  );
  expect(
    { states: found.states, apart: found.apart, breaches: found.breaches },
    news && exampleOf(life, news),
  ).toEqual({ states, apart, breaches });
  expectClaims(life, found);
}

/** The claims, by the conditions that docs/closing.md states for them. */
function expectClaims(life: Life, { apart, breaches, steps }: Findings): void {
  const reasons = Object.keys(apart).flatMap((names) => names.split(", "));
  expect(reasons).not.toContain("unexplained");
  expect(breaches["majority waits"]).toBeUndefined();
  const isAllHonest = positionsOf(life).every((member) => isHonest(life, member));
  const rankAlike = life.missedElection === undefined;
  if (isAllHonest) expect(breaches["two certified commits"]).toBeUndefined();
  if (isAllHonest && rankAlike) expect(breaches["sure commit overtaken"]).toBeUndefined();
  const isAcceptedByAll = life.commits.every(({ acceptedBy }) => acceptedBy === undefined);
  const removesNone = life.commits.every(({ removed }) => removed === undefined);
  // No member is ever on another branch without a wait.
  if (isAllHonest && rankAlike && isAcceptedByAll && life.patience === "none") {
    expect(steps.returns).toBeUndefined();
    if (removesNone) expect(apart).toEqual({});
  }
}
