import { createDecisions, type Decision, type Decisions } from "./decisions.js";
import { accepts, isHonest, isLeaving, positionsOf, removes, type Life } from "./life.js";
import {
  afterMerge,
  choiceOf,
  choicesOf,
  chosenBy,
  countOf,
  holding,
  KNOWLEDGE,
  mergedBy,
  SETTLED,
  SURE,
  takenBackBy,
  type Knowledge,
  type MemberState,
} from "./member-state.js";

/** The states of all members. */
export type Group = readonly MemberState[];

/** A decision of one member, after the packets that it needs have arrived. */
export interface Step {
  readonly member: number;
  readonly decision: Decision;
  readonly next: MemberState;
}

/** The state in which no member has chosen. */
export function beginning(life: Life): Group {
  const held = life.isAllHeld === true ? everyCandidate(life) : 0;
  return positionsOf(life).map(
    (member) => held | (life.twice?.includes(member) === true ? everyChoice(life, member) : 0),
  );
}

export const everyCandidate = ({ commits }: Life): Knowledge =>
  [...commits.keys()].reduce((all, commit) => all | holding(commit), 0);

/** All choices that were signed. */
export const signedIn = (group: Group): Knowledge =>
  group.reduce((all, state, member) => all | (state & choicesOf(member)), 0);

/**
 * The next steps of a group: each member decides something, with any choices and candidates that have arrived before.
 *
 * An arrival changes nothing for others, so it is part of the next decision of its member. Of two states that differ in
 * that a member has received less, this keeps the one with less, because the rest may arrive at any time: it has all
 * the steps of the other one. `arrivals.ts` takes each arrival as a step, and the tests compare both.
 */
export function createSteps(life: Life): (group: Group) => readonly Step[] {
  const decisions = createDecisions(life);
  const least = createLeast();
  return (group) => {
    const most = signedIn(group) | everyCandidate(life);
    return positionsOf(life).flatMap((member): readonly Step[] => {
      if (!isHonest(life, member)) return hostileSteps(life, group, member);
      const state = group[member] ?? 0;
      const from = (knowledge: Knowledge, kind: Kind): readonly Step[] =>
        least(member, knowledge, most, kind, decisions).flatMap(({ decision, knowledge: needed }) =>
          afterDecision(life, member, (state & ~KNOWLEDGE) | needed, decision),
        );
      const known = state & KNOWLEDGE;
      if (mergedBy(state) >= 0) return (state & SETTLED) === 0 ? from(known, "branch") : [];
      const choosing = chosenBy(state, member) === 0 ? from(known, "choice") : [];
      const served = servedKnowledge(life, group, member).flatMap((all) => from(known | all, "past"));
      return [...choosing, ...from(known, "merges"), ...served];
    });
  };
}

/** The state of a member after a decision; none if it changes nothing. */
export function afterDecision(
  life: Life,
  member: number,
  state: MemberState,
  { rule, commit }: Decision,
): readonly Step[] {
  const step = (next: MemberState): readonly Step[] => [{ member, decision: { rule, commit }, next }];
  const isPublished = removes(life, commit, member);
  switch (rule) {
    case "chooses":
      return step(state | choiceOf(member, commit));
    case "returns":
    case "returns, certified": {
      const isCertified = rule !== "returns";
      if (mergedBy(state) === commit) return isCertified ? step(state | SETTLED) : [];
      if ((takenBackBy(state) & (1 << commit)) !== 0) return [];
      return step(afterMerge(state, commit, isCertified || isPublished ? SETTLED : 0));
    }
    case "blocked":
    case "receives":
      return [];
    default: {
      const marks = (rule === "certified" || isPublished ? SETTLED : 0) | (rule === "sure" ? SURE : 0);
      return step(afterMerge(state | ownChoice(life, member, state, rule, commit), commit, marks));
    }
  }
}

/** As in `mergeClosing`: a member that merges a commit without having chosen chooses it first, if it may. */
function ownChoice(life: Life, member: number, state: MemberState, rule: string, commit: number): Knowledge {
  const isChosen = rule !== "certified" || accepts(life, member, commit);
  const chooses = chosenBy(state, member) === 0 && isChosen && !isLeaving(life, member);
  return chooses ? choiceOf(member, commit) : 0;
}

/** The knowledge of each other member that is further on, or pretends to be, and whose choice is known with it. */
export function servedKnowledge(life: Life, group: Group, member: number): readonly Knowledge[] {
  return group.flatMap((state, other): readonly Knowledge[] => {
    const chosen = chosenBy(state, other);
    if (other === member || chosen === 0) return [];
    if (isHonest(life, other)) return mergedBy(state) >= 0 ? [state & KNOWLEDGE] : [];
    return [0, 1, 2].flatMap((commit) => ((chosen >>> commit) & 1 ? [choiceOf(other, commit)] : []));
  });
}

function hostileSteps(life: Life, group: Group, member: number): readonly Step[] {
  const state = group[member] ?? 0;
  if (life.anyhow?.includes(member) !== true || chosenBy(state, member) !== 0) return [];
  return [...life.commits.keys()].map((commit) => ({
    ...{ member, decision: { rule: "chooses", commit } as const },
    next: state | choiceOf(member, commit),
  }));
}

function everyChoice({ commits }: Life, member: number): Knowledge {
  return [...commits.keys()].reduce((all, commit) => all | choiceOf(member, commit), 0);
}

type Kind = "choice" | "merges" | "past" | "branch";

/** A decision with knowledge of which no part suffices for it. */
interface Least {
  readonly decision: Decision;
  readonly knowledge: Knowledge;
}

type FindLeast = (
  member: number,
  from: Knowledge,
  most: Knowledge,
  kind: Kind,
  decisions: Decisions,
) => readonly Least[];

function createLeast(): FindLeast {
  const tables = new Map<string, Map<number, readonly Least[]>>();
  return (member, from, most, kind, decisions) => {
    const name = kind + member;
    const table = tables.get(name) ?? new Map<number, readonly Least[]>();
    tables.set(name, table);
    const key = from * (KNOWLEDGE + 1) + most;
    const known = table.get(key);
    if (known !== undefined) return known;
    const found: Least[] = [];
    for (const knowledge of supersets(from, most)) {
      for (const decision of decisionsAt(decisions, member, knowledge, kind)) {
        const isMore = found.some(
          (each) =>
            each.decision.rule === decision.rule &&
            each.decision.commit === decision.commit &&
            (each.knowledge & ~knowledge) === 0,
        );
        if (!isMore) found.push({ decision, knowledge });
      }
    }
    table.set(key, found);
    return found;
  };
}

function decisionsAt(
  decisions: Decisions,
  member: number,
  knowledge: Knowledge,
  kind: Kind,
): readonly Decision[] {
  if (kind === "past") return decisions.merges(member, knowledge, true);
  return kind === "merges" ? decisions.merges(member, knowledge, false) : decisions[kind](member, knowledge);
}

/** All knowledge between two, least first. A member keeps two choices of another one at most. */
function supersets(from: Knowledge, most: Knowledge): readonly Knowledge[] {
  const free = most & ~from;
  const found: Knowledge[] = [];
  for (let part = free; ; part = (part - 1) & free) {
    if (keepsTwoAtMost(from | part)) found.push(from | part);
    if (part === 0) break;
  }
  return found.sort((a, b) => countOf(a) - countOf(b));
}

function keepsTwoAtMost(knowledge: Knowledge): boolean {
  return [0, 1, 2, 3, 4].every((member) => chosenBy(knowledge, member) !== 7);
}
