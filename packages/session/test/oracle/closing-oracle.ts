import type { Closing, CommitView, EpochView } from "../../src/freeze/merge-rules.js";

/**
 * The rules of docs/convergence.md, "Closing an epoch" and "Branches that meet", written down a second time from the text
 * alone and as directly as possible: slow, but with other mistakes than the code.
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
  | "not yet: first one's bytes missing"
  | "not yet: nothing acceptable"
  | "not yet: too early"
  | "not yet: silent members that were heard"
  | "not yet: silent members at a renewal"
  | "not yet: own choice missing";

export type BranchReason =
  | "certified"
  | "certified, bytes missing"
  | "first"
  | "stays: bytes missing"
  | "stays: nothing acceptable";

type Choices = EpochView["choices"];

/** What a member may choose that nothing is known of here. All its unknown choices at one commit are the worst case. */
const UNKNOWN: CommitView = {
  ...{ hash: "unknown", isHeld: false, isLawful: false, rank: -1, isKeyRenewal: false },
  ...{ leavers: new Set<number>(), removed: new Set<number>() },
};

/** "Closing an epoch": rules 1 to 4. */
export function oracleCommitToMerge(view: EpochView): Ruling {
  const certified = certifiedCommit(view);
  if (certified !== undefined) return merged(certified, true, "certified", "certified, bytes missing");
  return view.waitedMs === undefined ? followed(view) : sure(view) ?? waited(view, view.waitedMs);
}

/** "Branches that meet", paragraph "Order": the certified commit precedes, otherwise the first acceptable one. */
export function oracleFirstBranch(view: EpochView): Ruling {
  const certified = certifiedCommit(view);
  if (certified !== undefined) return merged(certified, true, "certified", "certified, bytes missing");
  const first = firstAcceptable(view);
  if (first === undefined) return { closing: undefined, reason: "stays: nothing acceptable" };
  return merged(first, false, "first", "stays: bytes missing");
}

/** Rule 1: more than n/2 have chosen it. "If its bytes are missing, nothing else is merged." */
function certifiedCommit(view: EpochView): CommitView | undefined {
  const certified = view.commits.filter(
    (commit) => choosers(commit, view.choices).length > electorate(view, commit).length / 2,
  );
  return firstOf(certified, view.choices);
}

/** Rule 2: it has the most choosers, then the best rank, and no missing choice can change that. */
function sure(view: EpochView): Ruling | undefined {
  const found = view.commits.find(
    (commit) =>
      commit.isHeld &&
      isAcceptable(view, commit) &&
      everyOutcome(view, missing(view, commit), (choices) =>
        [...view.commits, UNKNOWN].every((other) => other === commit || precedes(commit, other, choices)),
      ),
  );
  return found && { closing: { hash: found.hash, isCertified: false }, reason: "sure" };
}

/** Rule 3: it is the first one that is acceptable, and others were silent for long enough. */
function waited(view: EpochView, waitedMs: number): Ruling {
  const not = (reason: CommitReason): Ruling => ({ closing: undefined, reason: `${reason}` });
  const first = firstAcceptable(view);
  if (first === undefined) return not("not yet: nothing acceptable");
  if (!first.isHeld) return not("not yet: first one's bytes missing");
  const silent = missing(view, first);
  const { absentMs, awayMs } = view.patience;
  const reason: CommitReason | undefined =
    waitedMs >= awayMs
      ? "waited: away"
      : waitedMs >= absentMs && !silent.some((member) => view.wasPresent(member))
        ? "waited: absent"
        : view.isPast && isOnlyChosen(view, first)
          ? "waited: past"
          : undefined;
  if (reason === undefined) return not("not yet: too early");
  // "Members that are there and do not choose it are waited for, while they are as many as those that did."
  const there = silent.filter((member) => view.wasPresent(member));
  if (first.isKeyRenewal && there.length >= choosers(first, view.choices).length) {
    return not("not yet: silent members at a renewal");
  }
  // "While members that were heard since do not choose and are not outnumbered by those that did …"
  const heard = silent.filter((member) => view.wasHeardSince(member));
  const chose = electorate(view, first).filter((member) => view.choices.get(member)?.size === 1);
  if (heard.length > 0 && heard.length >= chose.length && waitedMs < 3 * awayMs) {
    return not("not yet: silent members that were heard");
  }
  return { closing: { hash: first.hash, isCertified: false }, reason };
}

/** Rule 4: a member further on has served all, no other commit is chosen, and more than a third have chosen this one. */
function followed(view: EpochView): Ruling {
  const only = view.commits.find((commit) => isVouchedFor(view, commit) && isOnlyChosen(view, commit));
  if (only === undefined || !view.isPast) return { closing: undefined, reason: "not yet: own choice missing" };
  return merged(only, false, "followed", "not yet: first one's bytes missing");
}

function merged<R extends Ruling["reason"]>(commit: CommitView, isCertified: boolean, held: R, lost: R): Ruling {
  const closing = commit.isHeld ? { hash: commit.hash, isCertified } : undefined;
  return { closing, reason: commit.isHeld ? held : lost };
}

/** The members of the epoch "without those whose leave the commit carries out". */
function electorate(view: EpochView, commit: CommitView): readonly number[] {
  return Array.from({ length: view.members }, (_, member) => member).filter(
    (member) => !commit.leavers.has(member),
  );
}

/** Who has chosen it. "A member that has two choices in one epoch counts for none." */
function choosers(commit: CommitView, choices: Choices): readonly number[] {
  return [...choices]
    .filter(([member, hashes]) => hashes.size === 1 && hashes.has(commit.hash) && !commit.leavers.has(member))
    .map(([member]) => member);
}

/** The members whose choice is not known. Two choices of a member are no missing one: a third changes nothing. */
function missing(view: EpochView, commit: CommitView): readonly number[] {
  return electorate(view, commit).filter((member) => !view.choices.has(member));
}

/**
 * Whether one commit certainly comes before another: "the most choosers, then the best rank". The rank of a commit without
 * bytes is not known, so it may be better than any.
 */
function precedes(commit: CommitView, other: CommitView, choices: Choices): boolean {
  const [own, others] = [choosers(commit, choices).length, choosers(other, choices).length];
  return own > others || (own === others && commit.isHeld && other.isHeld && commit.rank < other.rank);
}

/** The first of some commits: none of the others comes before it. At a draw it is one whose bytes are missing. */
function firstOf(commits: readonly CommitView[], choices: Choices): CommitView | undefined {
  const leading = commits.filter((commit) => !commits.some((other) => precedes(other, commit, choices)));
  return leading.find(({ isHeld }) => !isHeld) ?? leading[0];
}

/** The first of the chosen commits that are acceptable. */
function firstAcceptable(view: EpochView): CommitView | undefined {
  const acceptable = view.commits.filter(
    (commit) => choosers(commit, view.choices).length > 0 && isAcceptable(view, commit),
  );
  return firstOf(acceptable, view.choices);
}

/** "A commit that this member accepts, or that more than a third of the members have chosen, two at least." */
function isAcceptable(view: EpochView, commit: CommitView): boolean {
  return commit.isLawful || isVouchedFor(view, commit);
}

function isVouchedFor(view: EpochView, commit: CommitView): boolean {
  const count = choosers(commit, view.choices).length;
  return count >= 2 && count > electorate(view, commit).length / 3;
}

/** "No other commit is chosen." */
function isOnlyChosen(view: EpochView, commit: CommitView): boolean {
  return view.commits.every((other) => other === commit || choosers(other, view.choices).length === 0);
}

/** Whether something holds whatever each of these members chooses: any commit here, one that is unknown, or none. */
function everyOutcome(
  view: EpochView,
  undecided: readonly number[],
  holds: (choices: Choices) => boolean,
  choices: Choices = view.choices,
): boolean {
  const [member, ...others] = undecided;
  if (member === undefined) return holds(choices);
  const options = [UNKNOWN, ...view.commits].map(({ hash }) => new Map([...choices, [member, new Set([hash])]]));
  return [...options, choices].every((next) => everyOutcome(view, others, holds, next));
}
