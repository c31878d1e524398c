import type { Closing, CommitView, EpochView } from "../../src/freeze/merge-rules.js";

/**
 * What the rules of docs/convergence.md, "Closing an epoch" and "Branches that meet", say about a view. They are
 * written down here a second time from the text, and as directly as possible: slow, but with other mistakes than the
 * code. "Read as" marks where the text has two meanings.
 */
export interface Ruling {
  /** The commit to merge or to return to. */
  readonly closing: Closing | undefined;
  /** The rule that decided, so that a test can count how often each one did. */
  readonly reason: CommitReason | BranchReason;
}

export type CommitReason =
  | "certified"
  | "certified, bytes missing"
  | "sure"
  | "waited: away"
  | "waited: absent"
  | "waited: past"
  | "followed"
  | "not yet: nothing acceptable"
  | "not yet: too early"
  | "not yet: silent members that were heard"
  | "not yet: silent members at a renewal"
  | "not yet: no own choice"
  | "not yet: bytes missing";

export type BranchReason =
  "certified" | "certified, bytes missing" | "first" | "stays: bytes missing" | "stays: nothing acceptable";

type Choices = EpochView["choices"];

/** A commit that a missing member may have chosen, and of which nothing is known here. One such commit is the worst case. */
const UNKNOWN: CommitView = {
  ...{ hash: "unknown", isHeld: false, isLawful: false, rank: -1, isKeyRenewal: false },
  ...{ leavers: new Set<number>(), removed: new Set<number>() },
};

/** "Closing an epoch": rules 1 to 4. */
export function oracleCommitToMerge(view: EpochView): Ruling {
  const certified = certifiedCommit(view);
  if (certified !== undefined) return merged(certified, true, "certified", "certified, bytes missing");
  return view.waitedMs === undefined ? followed(view) : (sure(view) ?? waited(view, view.waitedMs));
}

/**
 * "Branches that meet", paragraph "Order": the certified commit precedes, otherwise the first acceptable one that
 * members have chosen. "While its bytes are missing, the member stays."
 */
export function oracleFirstBranch(view: EpochView): Ruling {
  const certified = certifiedCommit(view);
  if (certified !== undefined) return merged(certified, true, "certified", "certified, bytes missing");
  const acceptable = chosenCommits(view).filter((commit) => isAcceptable(view, commit));
  const first = firstOf(view, acceptable);
  if (first === undefined) return { closing: undefined, reason: "stays: nothing acceptable" };
  return merged(first, false, "first", "stays: bytes missing");
}

/** Rule 1: more than n/2 have chosen it. "If its bytes are missing, nothing else is merged." */
function certifiedCommit(view: EpochView): CommitView | undefined {
  const [certified, another] = view.commits.filter(
    (commit) => 2 * choosers(view, commit).length > view.members - commit.leavers.size,
  );
  if (another !== undefined)
    throw new Error("Two commits cannot both be certified among members that choose once.");
  return certified;
}

/** Rule 2: it has the most choosers, then the best rank, and no missing choice can change that. */
function sure(view: EpochView): Ruling | undefined {
  const found = chosenCommits(view).find(
    (commit) => isEligible(view, commit) && inEveryOutcome(view, (outcome) => leads(outcome, commit)),
  );
  return found && { closing: { hash: found.hash, isCertified: false }, reason: "sure" };
}

/**
 * Rule 3: it is the first one that is acceptable and whose bytes are here, and others were silent for long enough.
 */
function waited(view: EpochView, waitedMs: number): Ruling {
  const first = firstOf(
    view,
    chosenCommits(view).filter((commit) => isEligible(view, commit)),
  );
  if (first === undefined) return { closing: undefined, reason: "not yet: nothing acceptable" };
  const reason = patienceEnds(view, first, waitedMs);
  const isOver = !reason.startsWith("not yet");
  return { closing: isOver ? { hash: first.hash, isCertified: false } : undefined, reason };
}

/** The three conditions of rule 3, of which one is enough, and the two exceptions. */
function patienceEnds(view: EpochView, first: CommitView, waitedMs: number): CommitReason {
  const { absentMs, awayMs } = view.patience;
  const silent = missing(view);
  // "Members that were heard since and have not chosen are waited for, while they are as many as those that have."
  const heard = silent.filter((member) => view.wasHeardSince(member) && !first.removed.has(member));
  const isKept = first.isKeyRenewal && heard.length > 0 && heard.length >= view.choices.size;
  // "While members that were heard since, and that it does not remove, have not chosen and are not outnumbered by
  // those that have …"
  const isOpen = heard.length > 0 && heard.length >= view.choices.size && waitedMs < 3 * awayMs;
  const isAwayOver = waitedMs >= awayMs;
  const isAbsentOver =
    waitedMs >= absentMs &&
    firstOf(view, chosenCommits(view)) === first &&
    !silent.some((member) => view.wasPresent(member));
  const isPastOnly = view.isPast && isOnlyChosen(view, first);

  if (!isAwayOver && !isAbsentOver && !isPastOnly) return "not yet: too early";
  if (isKept) return "not yet: silent members at a renewal";
  if (isOpen) return "not yet: silent members that were heard";
  return isAwayOver ? "waited: away" : isAbsentOver ? "waited: absent" : "waited: past";
}

/** Rule 4: a member further on has served all, no other commit is chosen, and more than a third have chosen it. */
function followed(view: EpochView): Ruling {
  const only = chosenCommits(view).find((commit) => isVouchedFor(view, commit) && isOnlyChosen(view, commit));
  if (only === undefined || !view.isPast) return { closing: undefined, reason: "not yet: no own choice" };
  return merged(only, false, "followed", "not yet: bytes missing");
}

function merged<R extends Ruling["reason"]>(
  commit: CommitView,
  isCertified: boolean,
  held: R,
  lost: R,
): Ruling {
  const closing = commit.isHeld ? { hash: commit.hash, isCertified } : undefined;
  return { closing, reason: commit.isHeld ? held : lost };
}

/** "A commit that this member accepts, or that more than a third of the members have chosen, two at least." */
function isAcceptable(view: EpochView, commit: CommitView): boolean {
  return commit.isLawful || isVouchedFor(view, commit);
}

/** An acceptable commit that this member can merge. */
function isEligible(view: EpochView, commit: CommitView): boolean {
  return commit.isHeld && isAcceptable(view, commit);
}

/** Read as: a third of all members of the epoch, since fewer than a third of these are hostile. */
function isVouchedFor(view: EpochView, commit: CommitView): boolean {
  const count = choosers(view, commit).length;
  return count >= 2 && 3 * count > view.members;
}

/** "The commits of one that chose twice count as chosen." */
function chosenCommits(view: EpochView): readonly CommitView[] {
  const named = new Set([...view.choices.values()].flatMap((hashes) => [...hashes]));
  return view.commits.filter(({ hash }) => named.has(hash));
}

/** "No other commit is chosen." */
function isOnlyChosen(view: EpochView, commit: CommitView): boolean {
  return chosenCommits(view).every((other) => other === commit);
}

/** The members that have chosen a commit. "A member that has two choices in one epoch counts for none." */
function choosers(view: EpochView, commit: CommitView): readonly number[] {
  const leaving = leavers(view);
  return [...view.choices.keys()].filter((member) => {
    const [only, second] = view.choices.get(member) ?? [];
    return only === commit.hash && second === undefined && !leaving.has(member);
  });
}

/** The members whose choice is not known. One with two choices is not among them: "a third is not asked for". */
function missing(view: EpochView): readonly number[] {
  const leaving = leavers(view);
  return Array.from({ length: view.members }, (_, member) => member).filter(
    (member) => !view.choices.has(member) && !leaving.has(member),
  );
}

/**
 * "A member whose leave is approved chooses none." Read as: if it chooses, that does not count, for any commit. The
 * leaves that commits carry out are approved ones.
 */
function leavers(view: EpochView): ReadonlySet<number> {
  return new Set(view.commits.flatMap((commit) => [...commit.leavers]));
}

/**
 * Whether one commit certainly comes before another: "the most choosers, then the best rank". The rank of a commit
 * without bytes is not known, so it may be better than any.
 */
function precedes(view: EpochView, commit: CommitView, other: CommitView): boolean {
  const [own, others] = [choosers(view, commit).length, choosers(view, other).length];
  return own > others || (own === others && commit.isHeld && other.isHeld && commit.rank < other.rank);
}

function leads(view: EpochView, commit: CommitView): boolean {
  return chosenCommits(view).every((other) => other.hash === commit.hash || precedes(view, commit, other));
}

/** The first of some commits: none of the others comes before it. At a draw it is one whose bytes are missing. */
function firstOf(view: EpochView, commits: readonly CommitView[]): CommitView | undefined {
  const leading = commits.filter((commit) => !commits.some((other) => precedes(view, other, commit)));
  return leading.find(({ isHeld }) => !isHeld) ?? leading[0];
}

/** Whether something holds whatever the missing members choose: any commit here, one that is unknown, or none. */
function inEveryOutcome(view: EpochView, holds: (outcome: EpochView) => boolean): boolean {
  const commits = [UNKNOWN, ...view.commits];
  const decide = (choices: Choices, [member, ...others]: readonly number[]): boolean =>
    member === undefined
      ? holds({ ...view, commits, choices })
      : [...commits.map(({ hash }) => new Map([...choices, [member, new Set([hash])]])), choices].every(
          (next) => decide(next, others),
        );
  return decide(view.choices, missing(view));
}
