import { nameOf, positionsOf, type Life } from "./life.js";
import { chosenBy, heldIn, mergedBy, SETTLED, SURE, takenBackBy, type MemberState } from "./member-state.js";
import { search } from "./search.js";
import type { Group } from "./steps.js";
import { commitsIn } from "./views.js";

/** A shortest way to an end or to a breach, as text: one state a line. */
export function exampleOf(life: Life, name: string): string {
  let example = "";
  search(life, {
    isSymmetric: false,
    visit: (_group, found, way) => {
      if (!found.includes(name)) return false;
      example = way()
        .map((group) => describeGroup(life, group))
        .join("\n");
      return true;
    },
  });
  return `${name}:\n${example}`;
}

/** A state in words, such as `0: knows A,-,B, holds AB, merged A`. */
function describeGroup(life: Life, group: Group): string {
  return group.map((state, member) => `${member}: ${describeMember(life, state)}`).join("; ");
}

function describeMember(life: Life, state: MemberState): string {
  const names = (commits: number): string => commitsIn(commits).map(nameOf).join("");
  const known = positionsOf(life).map((position) => names(chosenBy(state, position)) || "-");
  const merged = mergedBy(state);
  const left = takenBackBy(state);
  return [
    `knows ${known.join(",")}`,
    `holds ${names(heldIn(state)) || "-"}`,
    ...(merged < 0 ? [] : [`merged ${nameOf(merged)}`]),
    ...((state & SETTLED) === 0 ? [] : ["settled"]),
    ...((state & SURE) === 0 ? [] : ["sure"]),
    ...(left === 0 ? [] : [`took back ${names(left)}`]),
  ].join(", ");
}
