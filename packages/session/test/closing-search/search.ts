import type { Rule } from "./decisions.js";
import { isHonest, type Life } from "./life.js";
import { createInvariants, type Breach } from "./invariants.js";
import { createOutcomes, isComplete } from "./outcome.js";
import { beginning, createSteps, type Group, type Step } from "./steps.js";
import { createSymmetry } from "./symmetry.js";

/** Facts about all courses of a life. */
export interface Findings {
  /** Number of different states of the group. */
  readonly states: number;
  /** Number of steps by the rule that allows them. */
  readonly steps: Readonly<Partial<Record<Rule, number>>>;
  /** Number of states in which every honest member that can has chosen. */
  readonly complete: number;
  /** Number of ends of those in which honest members are apart, by the reasons. */
  readonly apart: Readonly<Record<string, number>>;
  /** Number of states that break an invariant. */
  readonly breaches: Readonly<Partial<Record<Breach, number>>>;
}

export interface SearchOptions {
  /** Whether to take groups that differ in positions only for one; true by default. */
  readonly isSymmetric?: boolean;
  /** Called with each state, and with the reasons and rules that it exemplifies; the search ends if it returns true. */
  readonly visit?: (
    group: Group,
    found: readonly string[],
    way: () => readonly Group[],
  ) => boolean | undefined | void;
  /** Steps of a group; those of {@link createSteps} by default. */
  readonly stepsOf?: (group: Group) => readonly Step[];
}

/** Visits every state of a life, in the order of the number of steps to it. */
export function search(life: Life, options: SearchOptions = {}): Findings {
  const { isSymmetric = true, visit, stepsOf = createSteps(life) } = options;
  const oneOf = isSymmetric ? createSymmetry(life) : (group: Group) => group;
  const breachesOf = createInvariants(life);
  const outcomesOf = createOutcomes(life);
  const [steps, apart, breaches] = [new Counts(), new Counts(), new Counts()];
  let complete = 0;
  const start = oneOf(beginning(life));
  const seen = new Set([keyOf(start)]);
  const before = new Map<Group, Group>();
  let edge: Group[] = [start];
  while (edge.length > 0) {
    const next: Group[] = [];
    for (const group of edge) {
      const found: string[] = [...breachesOf(group)];
      for (const breach of found) breaches.add(breach);
      if (isComplete(life, group)) {
        complete += 1;
        for (const { partings, isStuck } of outcomesOf(group)) {
          const names = [...(isStuck ? ["stuck"] : []), ...partings].join(", ");
          if (names === "") continue;
          apart.add(names);
          found.push(names);
        }
      }
      if (visit?.(group, found, () => wayTo(group, before)) === true) return facts();
      for (const { decision, member, next: state } of stepsOf(group)) {
        if (isHonest(life, member)) steps.add(decision.rule);
        const after = oneOf(group.map((each, position) => (position === member ? state : each)));
        const key = keyOf(after);
        if (seen.has(key)) continue;
        seen.add(key);
        if (visit !== undefined) before.set(after, group);
        next.push(after);
      }
    }
    edge = next;
  }
  return facts();

  function facts(): Findings {
    const lists = { steps: steps.all(), apart: apart.all(), breaches: breaches.all() };
    return { states: seen.size, complete, ...lists };
  }
}

function wayTo(group: Group, before: ReadonlyMap<Group, Group>): readonly Group[] {
  const earlier = before.get(group);
  return earlier === undefined ? [group] : [...wayTo(earlier, before), group];
}

/** The states as text: two characters of 13 bits for each member. */
function keyOf(group: Group): string {
  let key = "";
  for (const state of group) key += String.fromCharCode(state & 0x1fff, state >>> 13);
  return key;
}

class Counts {
  readonly #counts = new Map<string, number>();

  add(name: string): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  all(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}
