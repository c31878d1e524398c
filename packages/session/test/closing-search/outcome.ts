import { createDecisions, type Decisions } from "./decisions.js";
import { accepts, isHonest, isLeaving, positionsOf, removes, type Life } from "./life.js";
import {
  choicesOf,
  chosenBy,
  holding,
  KNOWLEDGE,
  mergedBy,
  SETTLED,
  takenBackBy,
  type Knowledge,
  type MemberState,
} from "./member-state.js";
import { afterDecision, signedIn, type Group } from "./steps.js";

/** The reason why honest members stay with different commits although each has received everything. */
export type Parting =
  /** A member must not return to a commit that it has taken back: it replaces its leaf. */
  | "taken back"
  /** Members merged different commits as certified. */
  | "two majorities"
  /** A member merged a commit as certified, and no majority has chosen it once everything is known. */
  | "majority dissolved"
  /** A member ended its conversation by its own removal, which was not certified. */
  | "ended"
  /** A member does not follow the removal of itself, which is not certified. */
  | "own removal"
  /** A member accepts none of the commits that others do, and none is certified or chosen by more than a third. */
  | "not accepted"
  /** Members rank the commits in different orders. */
  | "ranks"
  /** The bytes of a commit are kept back. */
  | "bytes"
  /** Members know of different leaves. */
  | "leaves"
  /** None of these. */
  | "unexplained";

/** The end of a life: everything that honest members know has arrived at all of them, and enough time has passed. */
export interface Outcome {
  /** Commit of each honest member, -1 for none. */
  readonly commits: readonly number[];
  /** Empty if the honest members are together. */
  readonly partings: readonly Parting[];
  /** Whether a member that the others wait for has merged nothing. */
  readonly isStuck: boolean;
}

/** Whether every honest member that can choose has chosen. */
export function isComplete(life: Life, group: Group): boolean {
  return group.every((state, member) => {
    if (!isHonest(life, member) || isLeaving(life, member)) return true;
    if (mergedBy(state) >= 0 || chosenBy(state, member) !== 0) return true;
    return !life.commits.some((_, commit) => accepts(life, member, commit));
  });
}

/** A function that finds how a life ends, once each hostile member has shown as much as it wants. */
export function createOutcomes(life: Life): (group: Group) => readonly Outcome[] {
  const decisions = createDecisions({ ...life, patience: "silent", areSilentHeard: false });
  const ends = new Map<number, MemberState>();
  return (group) =>
    lastKnowledge(life, group).map((last) =>
      outcomeOf(life, decisions, group, (state, member) => {
        const from = (state & ~KNOWLEDGE) | lastOf(life, state, last);
        const key = member * 2 ** 26 + from;
        const known = ends.get(key) ?? endOf(life, decisions, member, from);
        ends.set(key, known);
        return known;
      }),
    );
}

/** The state of a member once it has done all that it can with its knowledge. */
function endOf(life: Life, decisions: Decisions, member: number, state: MemberState): MemberState {
  const knowledge = state & KNOWLEDGE;
  const isMerged = mergedBy(state) >= 0;
  if (isMerged && (state & SETTLED) !== 0) return state;
  const possible = isMerged
    ? decisions.branch(member, knowledge)
    : [...decisions.merges(member, knowledge, false), ...decisions.merges(member, knowledge, true)];
  const [step] = possible.flatMap((decision) => afterDecision(life, member, state, decision));
  return step === undefined ? state : endOf(life, decisions, member, step.next);
}

function outcomeOf(
  life: Life,
  decisions: Decisions,
  group: Group,
  endFrom: (state: MemberState, member: number) => MemberState,
): Outcome {
  const honest = positionsOf(life).filter((member) => isHonest(life, member));
  const ends = new Map(
    honest
      .map((member) => [member, endFrom(group[member] ?? 0, member)] as const)
      // A leaver ends its conversation without the commit, once others have its leave.
      .filter(([member, end]) => mergedBy(end) >= 0 || !isLeaving(life, member)),
  );
  const commits = [...ends.values()].map(mergedBy);
  const isStuck = [...ends].some(
    ([member, end]) => mergedBy(end) < 0 && !isLeaving(life, member) && chosenBy(end, member) !== 0,
  );
  if (new Set(commits).size === 1) return { commits, partings: [], isStuck };
  return { commits, partings: partingsOf(life, decisions, ends), isStuck };
}

function partingsOf(
  life: Life,
  decisions: Decisions,
  ends: ReadonlyMap<number, MemberState>,
): readonly Parting[] {
  const found = new Set<Parting>();
  const firsts = new Map<number, number>();
  const hasWithheld = life.commits.some(({ isWithheld }) => isWithheld);
  for (const [member, end] of ends) {
    const [first] = decisions.branch(member, end & KNOWLEDGE);
    firsts.set(member, first?.commit ?? -1);
    const merged = mergedBy(end);
    if (first === undefined) found.add(hasWithheld ? "bytes" : "not accepted");
    else if (merged === first.commit) continue;
    else if (merged >= 0 && (takenBackBy(end) & (1 << first.commit)) !== 0) found.add("taken back");
    else if (first.rule === "blocked") found.add("own removal");
    else if (merged >= 0 && (end & SETTLED) !== 0) {
      if (removes(life, merged, member) && !isLeaving(life, member)) found.add("ended");
      else found.add(first.rule === "returns, certified" ? "two majorities" : "majority dissolved");
    } else if (!isLeaving(life, member)) found.add("unexplained");
  }
  if (new Set(firsts.values()).size > 1) {
    const { leavesKnownTo, missedElection } = life;
    if (life.commits.some(({ acceptedBy }) => acceptedBy !== undefined)) found.add("not accepted");
    if (missedElection !== undefined) found.add("ranks");
    if (leavesKnownTo !== undefined) found.add("leaves");
  }
  return found.size === 0 ? ["unexplained"] : [...found].sort();
}

/** All that honest members may know in the end: what one of them has, and more of what hostile members hold back. */
function lastKnowledge(life: Life, group: Group): readonly Knowledge[] {
  const signed = signedIn(group);
  let least = 0;
  let kept = 0;
  for (const [member, state] of group.entries()) {
    if (isHonest(life, member)) least |= (state & KNOWLEDGE) | (signed & choicesOf(member));
    else kept |= signed & choicesOf(member);
  }
  for (const [commit, { isWithheld }] of life.commits.entries()) {
    if (isWithheld === true) kept |= holding(commit);
    else least |= holding(commit);
  }
  const free = kept & ~least;
  const found: Knowledge[] = [];
  for (let part = free; ; part = (part - 1) & free) {
    found.push(least | part);
    if (part === 0) return found;
  }
}

/** The knowledge of one member in the end. Of three choices by another one it keeps those that it had, or the first. */
function lastOf(life: Life, state: MemberState, last: Knowledge): Knowledge {
  let knowledge = last;
  for (const member of life.twice ?? []) {
    if (chosenBy(knowledge, member) !== 7) continue;
    const had = chosenBy(state, member);
    const two = [3, 5, 6].find((pair) => (had & ~pair) === 0) ?? 3;
    knowledge = (knowledge & ~choicesOf(member)) | (two << (3 * member));
  }
  return knowledge;
}
