import { createDecisions } from "./decisions.js";
import { isHonest, positionsOf, type Life } from "./life.js";
import { chosenBy, KNOWLEDGE, mergedBy, SETTLED, type MemberState } from "./member-state.js";
import { afterDecision, everyCandidate, servedKnowledge, signedIn, type Group, type Step } from "./steps.js";

/**
 * The next steps of a group in which every choice and every candidate that arrives is a step of its own, and no state
 * stands for another one. Only for small lives, to check {@link createSteps}. Without hostile members.
 */
export function createArrivals(life: Life): (group: Group) => readonly Step[] {
  const decisions = createDecisions(life);
  return (group) =>
    positionsOf(life).flatMap((member): readonly Step[] => {
      if (!isHonest(life, member)) throw new Error("Hostile members have steps of other kinds.");
      const state = group[member] ?? 0;
      const known = state & KNOWLEDGE;
      const isServed = servedKnowledge(life, group, member).some((served) => (served & ~known) === 0);
      const possible = [
        ...(mergedBy(state) < 0 && chosenBy(state, member) === 0 ? decisions.choice(member, known) : []),
        ...(mergedBy(state) < 0 ? decisions.merges(member, known, false) : []),
        ...(mergedBy(state) < 0 && isServed ? decisions.merges(member, known, true) : []),
        ...(mergedBy(state) >= 0 && (state & SETTLED) === 0 ? decisions.branch(member, known) : []),
      ];
      return [
        ...arrivals(member, state, signedIn(group) | everyCandidate(life)),
        ...possible.flatMap((decision) => afterDecision(life, member, state, decision)),
      ];
    });
}

function arrivals(member: number, state: MemberState, most: number): readonly Step[] {
  const steps: Step[] = [];
  for (let free = most & ~state; free !== 0; free &= free - 1)
    steps.push({ member, decision: { rule: "receives", commit: -1 }, next: state | (free & -free) });
  return steps;
}
