import { accepts, isHonest, positionsOf, type Life } from "./life.js";
import { atPositions, chosenBy, countOf, type MemberState } from "./member-state.js";
import type { Group } from "./steps.js";

/**
 * A function that finds one group for all that differ only in the positions of members with equal parts in the life.
 * The rules of closing do not depend on positions.
 */
export function createSymmetry(life: Life): (group: Group) => Group {
  const named = positionsOf(life).map((member) => roleOf(life, member));
  const roles = named.map((role) => named.indexOf(role));
  const places = roles.map((role) => [...roles.keys()].filter((position) => roles[position] === role));
  if (new Set(roles).size === roles.length) return (group) => group;
  return (group) => {
    // Members in different states are ordered by them; only those in equal ones need to be tried in each order.
    const marks = group.map((state, member) => (roles[member] ?? 0) * 2 ** 28 + markOf(group, state, member));
    let best: Group | undefined;
    for (const positions of ordersOf(roles, places, marks)) {
      const moved: MemberState[] = Array.from(group);
      for (const [from, to] of positions.entries()) moved[to] = atPositions(group[from] ?? 0, positions);
      if (best === undefined || isLess(moved, best)) best = moved;
    }
    return best ?? group;
  };
}

function roleOf(life: Life, member: number): string {
  const { commits, twice, leavesKnownTo, missedElection } = life;
  const lists = [
    twice,
    leavesKnownTo,
    missedElection,
    ...commits.flatMap((each) => [each.leavers, each.removed]),
  ];
  const accepted = commits.map((_, commit) => accepts(life, member, commit));
  return [isHonest(life, member), ...accepted, ...lists.map((list) => list?.includes(member))].join();
}

/** The part of a member's state that does not change with positions, in 28 bits at most. */
function markOf(group: Group, state: MemberState, member: number): number {
  let knownBy = 0;
  for (const other of group) if (chosenBy(other, member) !== 0) knownBy += 1;
  const local = ((state >>> 15) << 3) | chosenBy(state, member);
  return (((local << 5) | countOf(state)) << 3) | knownBy;
}

type Positions = readonly number[];

/** New positions of all members that keep roles apart, in the order of the marks; several if marks are equal. */
function ordersOf(roles: Positions, places: readonly Positions[], marks: Positions): readonly Positions[] {
  const members = [...marks.keys()].sort((a, b) => (marks[a] ?? 0) - (marks[b] ?? 0));
  let orders: number[][] = [[]];
  const taken = roles.map(() => 0);
  for (let start = 0, end = 0; start < members.length; start = end) {
    const first = members[start] ?? 0;
    while (end < members.length && marks[members[end] ?? 0] === marks[first]) end += 1;
    const equal = members.slice(start, end);
    const role = roles[first] ?? 0;
    const used = taken[role] ?? 0;
    taken[role] = used + equal.length;
    const free = places[first]?.slice(used, used + equal.length) ?? [];
    const choices = permutationsOf(free);
    if (choices.length > 1) orders = orders.flatMap((order) => choices.map(() => [...order]));
    for (const [index, order] of orders.entries()) {
      const targets = choices[index % choices.length] ?? [];
      for (const [place, member] of equal.entries()) order[member] = targets[place] ?? 0;
    }
  }
  return orders;
}

function permutationsOf(list: Positions): readonly Positions[] {
  if (list.length < 2) return [list];
  return list.flatMap((head, index) =>
    permutationsOf([...list.slice(0, index), ...list.slice(index + 1)]).map((tail) => [head, ...tail]),
  );
}

function isLess(a: Group, b: Group): boolean {
  for (const [index, state] of a.entries()) {
    const other = b[index] ?? 0;
    if (state !== other) return state < other;
  }
  return false;
}
