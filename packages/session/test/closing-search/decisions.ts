import {
  commitToMerge,
  firstBranch,
  missingChoosers,
  type Closing,
  type EpochView,
} from "../../src/closing/strict/merge-rules.js";
import { accepts, isHonest, isLeaving, positionsOf, removes, WAITS, type Life } from "./life.js";
import { oracleCommitToMerge, oracleFirstBranch, type Ruling } from "../oracle/closing-oracle.js";
import { chosenBy, heldIn, holding, type Knowledge } from "./member-state.js";
import { commitsIn, rankedBy, viewOf, type Moment } from "./views.js";

/** The rule by which a member decides. `blocked` is a return that the member must not make, `receives` no decision. */
export type Rule =
  | "receives"
  | "chooses"
  | "certified"
  | "sure"
  | "waited"
  | "followed"
  | "returns"
  | "returns, certified"
  | "blocked";

/** A decision that a member's knowledge allows. */
export interface Decision {
  readonly rule: Rule;
  readonly commit: number;
}

/** Decisions of a member by its knowledge; equal questions are answered from a table. */
export interface Decisions {
  /** The commit that a member without a choice chooses. */
  choice(member: number, knowledge: Knowledge): readonly Decision[];
  /** The merges of a member in the epoch, at any of the times that may pass. */
  merges(member: number, knowledge: Knowledge, isPast: boolean): readonly Decision[];
  /** The branch that is first, for a member that keeps the fork. */
  branch(member: number, knowledge: Knowledge): readonly Decision[];
}

export function createDecisions(life: Life): Decisions {
  return {
    choice: remembered((member, knowledge) => choicesAt(life, member, knowledge)),
    merges: remembered((member, knowledge, isPast) => mergesAt(life, member, knowledge, isPast)),
    branch: remembered((member, knowledge) => branchesAt(life, member, knowledge)),
  };
}

/** Commit that the rules of closing name, as its index. */
export const indexOf = (hash: string): number => "ABC".indexOf(hash);

/**
 * As `chooseCandidate` in choosing.ts: of the candidates that the member accepts, the one that most have chosen so far,
 * then by rank.
 */
function choicesAt(life: Life, member: number, knowledge: Knowledge): readonly Decision[] {
  if (!isHonest(life, member) || isLeaving(life, member)) return [];
  const votesFor = (commit: number): number =>
    positionsOf(life).filter((position) => (chosenBy(knowledge, position) & (1 << commit)) !== 0).length;
  const [best] = rankedBy(life, member)
    .filter((commit) => (knowledge & holding(commit)) !== 0 && accepts(life, member, commit))
    .sort((a, b) => votesFor(b) - votesFor(a));
  return best === undefined ? [] : [{ rule: "chooses", commit: best }];
}

function mergesAt(life: Life, member: number, knowledge: Knowledge, isPast: boolean): readonly Decision[] {
  const decisions = new Map<string, Decision>();
  for (const moment of momentsOf(life, isPast)) {
    const view = viewOf(life, member, knowledge, moment);
    const closing = asWritten(commitToMerge(view), oracleCommitToMerge(view), view);
    if (closing === undefined) continue;
    const commit = indexOf(closing.hash);
    if (isRefused(life, member, knowledge, moment, commit, closing.isCertified)) continue;
    const rule = ruleOf(moment, closing.isCertified, chosenBy(knowledge, member) !== 0);
    // Rule 2 merges it without a wait.
    if (rule === "waited" && decisions.has(`sure ${commit}`)) continue;
    decisions.set(`${rule} ${commit}`, { rule, commit });
  }
  return [...decisions.values()];
}

/**
 * The decision of the code, if the oracle finds the same one. States with less knowledge stand for those with more, so
 * a wrong decision of the latter would not show in them.
 */
function asWritten(
  closing: Closing | undefined,
  ruling: Ruling,
  { choices, commits, waitedMs, isPast }: EpochView,
): Closing | undefined {
  const { closing: written, reason } = ruling;
  if (closing?.hash === written?.hash && closing?.isCertified === written?.isCertified) return closing;
  const known = [...choices].map(([member, hashes]) => `${member}: ${[...hashes].join("")}`).join(", ");
  const held = commits.flatMap(({ hash, isHeld }) => (isHeld ? [hash] : [])).join("");
  throw new Error(
    `By the written rules "${reason}", but the code decides for ${closing?.hash ?? "none"}: ${known}; ` +
      `held ${held}, waited ${waitedMs}, past ${isPast}.`,
  );
}

/** Before a time has passed, and without members further on, only rule 2 merges an uncertified commit. */
function ruleOf({ waited, isPast }: Moment, isCertified: boolean, hasChosen: boolean): Rule {
  if (isCertified) return "certified";
  if (!hasChosen) return "followed";
  return waited === "none" && !isPast ? "sure" : "waited";
}

function branchesAt(life: Life, member: number, knowledge: Knowledge): readonly Decision[] {
  const moments = momentsOf(life, false);
  const [moment] = moments;
  if (moment === undefined) return [];
  const view = viewOf(life, member, knowledge, moment);
  const closing = asWritten(firstBranch(view), oracleFirstBranch(view), view);
  if (closing === undefined) return [];
  const commit = indexOf(closing.hash);
  const rule = closing.isCertified ? "returns, certified" : "returns";
  const isPossible = moments.some(
    (each) => !isRefused(life, member, knowledge, each, commit, closing.isCertified),
  );
  return [{ rule: isPossible ? rule : "blocked", commit }];
}

function momentsOf({ patience = "days", areSilentHeard = false }: Life, isPast: boolean): readonly Moment[] {
  return WAITS.slice(0, WAITS.indexOf(patience) + 1).map((waited) => ({ waited, isPast, areSilentHeard }));
}

/** As `mustNotMerge` in closing.ts: an uncertified removal of the member itself may not last. */
function isRefused(
  life: Life,
  member: number,
  knowledge: Knowledge,
  { waited, isPast }: Moment,
  commit: number,
  isCertified: boolean,
): boolean {
  if (isCertified || !removes(life, commit, member) || isLeaving(life, member)) return false;
  const view = viewOf(life, member, knowledge, { waited, isPast, areSilentHeard: false });
  if (missingChoosers(view).length === 0 || waited === "days") return false;
  const chosen = positionsOf(life).map((position) => chosenBy(knowledge, position));
  const keepsNone = commitsIn(chosen.reduce((all, commits) => all | commits, 0)).every(
    (each) => (heldIn(knowledge) & (1 << each)) !== 0 && removes(life, each, member),
  );
  return !(keepsNone && (isPast || waited === "silent"));
}

type Question<T> = (member: number, knowledge: Knowledge, isPast: boolean) => T;

function remembered<T>(answer: Question<T>): (member: number, knowledge: Knowledge, isPast?: boolean) => T {
  const known = new Map<number, T>();
  return (member, knowledge, isPast = false) => {
    const key = ((member << 1) | Number(isPast)) * (1 << 18) + knowledge;
    const found = known.get(key);
    if (found !== undefined) return found;
    const value = answer(member, knowledge, isPast);
    known.set(key, value);
    return value;
  };
}
