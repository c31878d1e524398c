/** A commit of the current epoch that was received as a candidate, or that a member has chosen. */
export interface CommitView {
  /** SHA-256, in hex. */
  readonly hash: string;
  /** Whether its bytes are here. */
  readonly isHeld: boolean;
  /** Whether this member has chosen it or accepts it. */
  readonly isLawful: boolean;
  /** Place among the held commits by rank, from 0; -1 for one that is not held. Decides between equal numbers of choices. */
  readonly rank: number;
  /** Whether it makes no change. While at least as many members are silent as have chosen it, it is not merged. */
  readonly isKeyRenewal: boolean;
  /** Positions of members that it removes because they leave. They do not count in its epoch. */
  readonly leavers: ReadonlySet<number>;
  /** Positions of all members that it removes. Their choices are not waited for. */
  readonly removed: ReadonlySet<number>;
}

/** The knowledge of one member about the end of its epoch. Positions are those of the epoch's roster. */
export interface EpochView {
  /** Number of members. */
  readonly members: number;
  readonly commits: readonly CommitView[];
  /** Chosen commits, by the position of their chooser. More than one: the chooser is dishonest and counts for none. */
  readonly choices: ReadonlyMap<number, ReadonlySet<string>>;
  /** Time in ms since this member has chosen; undefined before. */
  readonly waitedMs: number | undefined;
  /** Times in ms that {@link commitToMerge} waits for silent members. */
  readonly patience: Patience;
  /** Whether a member further on has served all that it has of this epoch. */
  readonly isPast: boolean;
  /** Whether a member was there: it chose in the epoch before, or was heard in this one. */
  wasPresent(position: number): boolean;
  /** Whether a member was heard since this one has chosen. */
  wasHeardSince(position: number): boolean;
}

/** Times in ms after this member's own choice. */
export interface Patience {
  /** For members that showed no sign in this epoch. */
  readonly absentMs: number;
  /** For members that may come back. */
  readonly awayMs: number;
}

/** Multiple of `awayMs` after which members that are there but do not choose are not waited for. */
export const SILENT_PATIENCE = 3;

/** The commit to merge. */
export interface Closing {
  readonly hash: string;
  /** Whether most members have chosen it, so that no other commit can be. */
  readonly isCertified: boolean;
}

/**
 * The commit that this member merges now, or `undefined` while it has to wait:
 *
 * 1. The _certified_ one, which most members have chosen.
 * 2. The first one by number of choosers, then by rank, if no choice that is still missing can change that.
 * 3. The first one after a time in which others were silent.
 * 4. Without an own choice, the only one that a member has chosen, once others have gone on with it.
 *
 * Rules 2 and 3 need this member's own choice, and that it accepts the commit or more than a third of the members have
 * chosen it; rule 4 needs the latter. docs/closing.md explains them.
 */
export function commitToMerge(view: EpochView): Closing | undefined {
  const tally = tallyOf(view);
  const certified = tally.chosen.find((commit) => isCertified(view, tally, commit));
  if (certified !== undefined) {
    return certified.isHeld ? { hash: certified.hash, isCertified: true } : undefined;
  }
  const provisional =
    view.waitedMs === undefined ? followed(view, tally) : uncertified(view, tally, view.waitedMs);
  return provisional && { hash: provisional.hash, isCertified: false };
}

/**
 * The commit whose branch precedes the others, whatever silent members choose. It is the certified one, or the first of
 * those that this member accepts or more than a third of the members have chosen. `undefined` while its bytes are
 * missing. A missing commit that fewer have chosen does not count: it may not exist.
 */
export function firstBranch(view: EpochView): Closing | undefined {
  const tally = tallyOf(view);
  const certified = tally.chosen.find((commit) => isCertified(view, tally, commit));
  const first =
    certified ??
    tally.chosen.find((commit) => isSupported(view, tally, commit) || isEligible(view, tally, commit));
  return first?.isHeld ? { hash: first.hash, isCertified: first === certified } : undefined;
}

/** Support of a commit. */
export interface Support {
  /** Number of members that have chosen it alone. */
  readonly count: number;
  /** Number of members that can choose it: all but those that leave by it. */
  readonly voters: number;
}

export function supportOf(view: EpochView, hash: string): Support {
  const commit = view.commits.find((each) => each.hash === hash);
  const leavers = commit?.isHeld ? commit.leavers.size : 0;
  return { count: tallyOf(view).countOf.get(hash) ?? 0, voters: view.members - leavers };
}

/**
 * Positions of the members whose choice is missing. Members that leave by a held commit make no choice, and are left
 * out.
 */
export function missingChoosers(view: EpochView): readonly number[] {
  const left = leaversIn(view);
  return Array.from({ length: view.members }, (_, position) => position).filter(
    (position) => !view.choices.has(position) && !left.has(position),
  );
}

/** Times in ms after this member's own choice at which rule 3 may apply. */
export function waitingTimes({ absentMs, awayMs }: Patience): readonly number[] {
  return [absentMs, awayMs, SILENT_PATIENCE * awayMs];
}

interface Tally {
  /** Commits that a member has chosen, best first. */
  readonly chosen: readonly CommitView[];
  readonly countOf: ReadonlyMap<string, number>;
}

function leaversIn({ commits }: EpochView): ReadonlySet<number> {
  return new Set(commits.flatMap(({ isHeld, leavers }) => (isHeld ? [...leavers] : [])));
}

function tallyOf(view: EpochView): Tally {
  const { commits, choices } = view;
  const left = leaversIn(view);
  const countOf = new Map<string, number>();
  const named = new Set<string>();
  for (const [position, hashes] of choices) {
    for (const hash of hashes) named.add(hash);
    const [only] = hashes;
    if (hashes.size === 1 && only !== undefined && !left.has(position))
      countOf.set(only, (countOf.get(only) ?? 0) + 1);
  }
  const chosen = commits
    .filter(({ hash }) => named.has(hash))
    .sort((a, b) => compare(a, countOf.get(a.hash) ?? 0, b, countOf.get(b.hash) ?? 0));
  return { chosen, countOf };
}

/** Negative if `a` with `countA` choosers comes before `b` with `countB`. */
function compare(a: CommitView, countA: number, b: CommitView, countB: number): number {
  return countB - countA || a.rank - b.rank || (a.hash < b.hash ? -1 : 1);
}

function isCertified(
  { members }: EpochView,
  { countOf }: Tally,
  { hash, isHeld, leavers }: CommitView,
): boolean {
  return 2 * (countOf.get(hash) ?? 0) > members - (isHeld ? leavers.size : 0);
}

/** Whether more than a third of the members have chosen a commit: an honest one of them accepts it. */
function isSupported({ members }: EpochView, { countOf }: Tally, { hash }: CommitView): boolean {
  const count = countOf.get(hash) ?? 0;
  return count > 1 && 3 * count > members;
}

/** Whether an uncertified commit may be merged: its bytes are here, and this member or an honest chooser accepts it. */
function isEligible(view: EpochView, tally: Tally, commit: CommitView): boolean {
  return commit.isHeld && (commit.isLawful || isSupported(view, tally, commit));
}

function followed(view: EpochView, tally: Tally): CommitView | undefined {
  const [only, another] = tally.chosen;
  if (only === undefined || another !== undefined || !view.isPast) return undefined;
  return only.isHeld && isSupported(view, tally, only) ? only : undefined;
}

function uncertified(view: EpochView, tally: Tally, waitedMs: number): CommitView | undefined {
  const { chosen, countOf } = tally;
  const { patience, choices } = view;
  const missing = missingChoosers(view);
  const [best] = chosen;
  if (best !== undefined && isEligible(view, tally, best) && isSure(view, countOf, best, missing.length))
    return best;

  const first = chosen.find((commit) => isEligible(view, tally, commit));
  const isAlone = first === best && !missing.some((position) => view.wasPresent(position));
  const waits =
    waitedMs < patience.awayMs &&
    !(view.isPast && chosen.length === 1) &&
    !(isAlone && waitedMs >= patience.absentMs);
  if (first === undefined || waits) return undefined;
  const silent = missing.filter((position) => view.wasHeardSince(position) && !first.removed.has(position));
  const isPatient = first.isKeyRenewal || waitedMs < SILENT_PATIENCE * patience.awayMs;
  return isPatient && choices.size <= silent.length ? undefined : first;
}

/** Whether `best` stays first, whatever the `missing` members choose, among commits known here or not. */
function isSure(
  { commits }: EpochView,
  countOf: ReadonlyMap<string, number>,
  best: CommitView,
  missing: number,
): boolean {
  if (missing === 0) return true;
  const count = countOf.get(best.hash) ?? 0;
  return (
    count > missing &&
    commits.every(
      (other) => other === best || compare(best, count, other, (countOf.get(other.hash) ?? 0) + missing) < 0,
    )
  );
}
