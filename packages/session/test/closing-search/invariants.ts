import { commitToMerge, firstBranch } from "../../src/closing/strict/merge-rules.js";
import { indexOf } from "./decisions.js";
import { isHonest, positionsOf, removes, type Life } from "./life.js";
import { chosenBy, holding, KNOWLEDGE, mergedBy, SETTLED, SURE, type Knowledge } from "./member-state.js";
import { everyCandidate, signedIn, type Group } from "./steps.js";
import { viewOf } from "./views.js";

/** A rule that a state breaks. */
export type Breach =
  /** Two honest members have merged different commits as certified. */
  | "two certified commits"
  /** Another commit than the one that was sure is first. */
  | "sure commit overtaken"
  /** More than half of the members have chosen and have everything, and one of them merges nothing. */
  | "majority waits";

/** A function that names the rules that a state breaks. */
export function createInvariants(life: Life): (group: Group) => readonly Breach[] {
  const leaders = new Map<Knowledge, number>();
  const waiting = new Map<Knowledge, boolean>();
  return (group) => {
    const found: Breach[] = [];
    const signed = signedIn(group);
    if (certifiedIn(life, group).size > 1) found.push("two certified commits");
    const leader = remember(leaders, signed, () => leaderOf(life, signed));
    if (group.some((state) => (state & SURE) !== 0 && mergedBy(state) !== leader))
      found.push("sure commit overtaken");
    if (remember(waiting, signed, () => isMajorityWaiting(life, signed))) found.push("majority waits");
    return found;
  };
}

/** The commits that honest members have merged for good, without those that end their conversation. */
function certifiedIn(life: Life, group: Group): ReadonlySet<number> {
  const settled = group.flatMap((state, member) => {
    const commit = mergedBy(state);
    const counts = (state & SETTLED) !== 0 && isHonest(life, member) && !removes(life, commit, member);
    return counts ? [commit] : [];
  });
  return new Set(settled);
}

/** The first commit for a member that accepts all, and has all choices and bytes. */
function leaderOf({ commits, ...life }: Life, signed: Knowledge): number {
  const plain = { ...life, commits: commits.map(({ acceptedBy: _, ...commit }) => commit) };
  const view = viewOf(plain, 0, signed | everyCandidate(plain), {
    waited: "none",
    isPast: false,
    areSilentHeard: false,
  });
  const commitsOfAll = view.commits.map((commit) => ({ ...commit, isLawful: true }));
  const first = firstBranch({ ...view, commits: commitsOfAll });
  return first === undefined ? -1 : indexOf(first.hash);
}

/** Whether an honest member waits, although it has all that a majority has. Silent members are heard all the time. */
function isMajorityWaiting(life: Life, signed: Knowledge): boolean {
  const present = positionsOf(life).filter(
    (member) => isHonest(life, member) && chosenBy(signed, member) !== 0,
  );
  if (2 * present.length <= life.members) return false;
  let knowledge = signed & KNOWLEDGE;
  for (const member of positionsOf(life)) if (!present.includes(member)) knowledge &= ~(7 << (3 * member));
  for (const [commit, { isWithheld }] of life.commits.entries()) {
    const isHeld = present.some((member) => chosenBy(signed, member) === 1 << commit);
    if (isWithheld !== true || isHeld) knowledge |= holding(commit);
  }
  return present.some((member) => {
    const moment = { waited: "silent", isPast: false, areSilentHeard: true } as const;
    return commitToMerge(viewOf(life, member, knowledge, moment)) === undefined;
  });
}

function remember<T>(table: Map<Knowledge, T>, key: Knowledge, compute: () => T): T {
  const known = table.get(key);
  if (known !== undefined) return known;
  const value = compute();
  table.set(key, value);
  return value;
}
