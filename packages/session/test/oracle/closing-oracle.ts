import type { Closing, CommitView, EpochView } from "../../src/closing/strict/merge-rules.js";

/**
 * What the rules of docs/closing.md, "The merge", and docs/partitions.md, "Forks", say about a view. They are written down
 * here a second time from the text, and as directly as possible: slow, but with other mistakes than the code.
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

/** "The merge": rules 1 to 4. */
export function oracleCommitToMerge(view: EpochView): Ruling {
  const certified = certifiedCommit(view);
  if (certified !== undefined) return merged(certified, true, "certified", "certified, bytes missing");
  return view.waitedMs === undefined ? followed(view) : (sure(view) ?? waited(view, view.waitedMs));
}

/**
 * "Forks", item "Order": the certified commit precedes all others. Otherwise it is the first among those that this member
 * accepts or that are supported. "While its bytes are missing, the member stays."
 */
export function oracleFirstBranch(view: EpochView): Ruling {
  const certified = certifiedCommit(view);
  if (certified !== undefined) return merged(certified, true, "certified", "certified, bytes missing");
  const acceptable = chosenCommits(view).filter((commit) => isAcceptable(view, commit));
  const first = firstOf(view, acceptable);
  if (first === undefined) return { closing: undefined, reason: "stays: nothing acceptable" };
  return merged(first, false, "first", "stays: bytes missing");
}

/** Rule 1: the count is more than half of the members. "While its bytes are missing, nothing else is merged." */
function certifiedCommit(view: EpochView): CommitView | undefined {
  const [certified, another] = view.commits.filter(
    (commit) => 2 * choosers(view, commit).length > view.members - commit.leavers.size,
  );
  if (another !== undefined)
    throw new Error("Two commits cannot both be certified among members that choose once.");
  return certified;
}

/** Rule 2: "The first commit is eligible, and no missing choice can put another one first." */
function sure(view: EpochView): Ruling | undefined {
  const found = chosenCommits(view).find(
    (commit) => isEligible(view, commit) && inEveryOutcome(view, (outcome) => leads(outcome, commit)),
  );
  return found && { closing: { hash: found.hash, isCertified: false }, reason: "sure" };
}

/**
 * Rule 3: of the eligible commits it is the first, and others were silent for long enough.
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

/** The three conditions of rule 3, of which one is enough, and the two delays. */
function patienceEnds(view: EpochView, first: CommitView, waitedMs: number): CommitReason {
  const { absentMs, awayMs } = view.patience;
  const silent = missing(view);
  // Of a renewal of keys: "waits without end while at least as many members are silent as have chosen".
  const heard = silent.filter((member) => view.wasHeardSince(member) && !first.removed.has(member));
  const isKept = first.isKeyRenewal && heard.length > 0 && heard.length >= view.choices.size;
  // "While at least as many members are silent as have chosen, it waits on, for three `awayMs` at most."
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

/** Rule 4: this member is served, "and the only chosen commit is here and supported". */
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

/** "This member accepts it or it is supported." */
function isAcceptable(view: EpochView, commit: CommitView): boolean {
  return commit.isLawful || isVouchedFor(view, commit);
}

/** "Eligible": its bytes are here, too. */
function isEligible(view: EpochView, commit: CommitView): boolean {
  return commit.isHeld && isAcceptable(view, commit);
}

/** "More than a third of all members have chosen it, and at least two." */
function isVouchedFor(view: EpochView, commit: CommitView): boolean {
  const count = choosers(view, commit).length;
  return count >= 2 && 3 * count > view.members;
}

/** All commits that a member has chosen. With two choices, "both of its commits are chosen". */
function chosenCommits(view: EpochView): readonly CommitView[] {
  const named = new Set([...view.choices.values()].flatMap((hashes) => [...hashes]));
  return view.commits.filter(({ hash }) => named.has(hash));
}

/** "No other commit is chosen." */
function isOnlyChosen(view: EpochView, commit: CommitView): boolean {
  return chosenCommits(view).every((other) => other === commit);
}

/** The members that count for a commit. "A member with two choices counts for no commit." */
function choosers(view: EpochView, commit: CommitView): readonly number[] {
  const leaving = leavers(view);
  return [...view.choices.keys()].filter((member) => {
    const [only, second] = view.choices.get(member) ?? [];
    return only === commit.hash && second === undefined && !leaving.has(member);
  });
}

/** The missing members. One with two choices is not among them: "a third choice is not requested". */
function missing(view: EpochView): readonly number[] {
  const leaving = leavers(view);
  return Array.from({ length: view.members }, (_, member) => member).filter(
    (member) => !view.choices.has(member) && !leaving.has(member),
  );
}

/**
 * "Members that leave by a kept commit do not count", also if they choose another one. The leaves that commits carry out are
 * approved ones.
 */
function leavers(view: EpochView): ReadonlySet<number> {
  return new Set(view.commits.flatMap((commit) => [...commit.leavers]));
}

/**
 * Whether one commit certainly comes before another: by count, then by rank. "Among equals, one whose bytes are missing comes
 * first."
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
