/** A commit that members may choose at the end of the epoch. Lists of positions are empty by default. */
export interface LifeCommit {
  /** Members that accept it; all by default. */
  readonly acceptedBy?: readonly number[];
  /** Members that it removes because they leave. */
  readonly leavers?: readonly number[];
  /** Members that it removes against their will. */
  readonly removed?: readonly number[];
  readonly isKeyRenewal?: boolean;
  /** Whether its author is hostile, and need not send its bytes to any member. */
  readonly isWithheld?: boolean;
}

/**
 * The end of one epoch, of which the search visits every course. Everything that the life leaves open happens in every
 * order: choices and candidates arrive late, at some members first, or not before the members compare their branches.
 */
export interface Life {
  /** Number of members, 5 at most. */
  readonly members: number;
  /** Up to three commits, the best rank first. */
  readonly commits: readonly LifeCommit[];
  /** Hostile members that sign a choice of every commit, and show each member any two or fewer of these. */
  readonly twice?: readonly number[];
  /** Hostile members, or leavers, that choose any one commit or none. */
  readonly anyhow?: readonly number[];
  /** Members that know of the leaves; all by default. */
  readonly leavesKnownTo?: readonly number[];
  /** Members that missed an election of the epoch, and so rank the commits in the opposite order. */
  readonly missedElection?: readonly number[];
  /** Time that may pass after a member's own choice; `"days"` by default. */
  readonly patience?: Wait;
  /** Whether silent members are heard. By default, no sign shows that they are there. */
  readonly areSilentHeard?: boolean;
  /** Whether all members hold all candidates before they choose, as after a freeze without loss. */
  readonly isAllHeld?: boolean;
}

/** Times after a member's own choice, shortest first: none, `absentMs`, `awayMs`, three `awayMs`, and a day. */
export const WAITS = ["none", "absent", "away", "silent", "days"] as const;

export type Wait = (typeof WAITS)[number];

export const PATIENCE = { absentMs: 20, awayMs: 300 };

export const WAITED_MS: Readonly<Record<Wait, number>> = {
  none: 0,
  absent: PATIENCE.absentMs,
  away: PATIENCE.awayMs,
  silent: 3 * PATIENCE.awayMs,
  days: 24 * 3_600_000,
};

export const positionsOf = ({ members }: Life): readonly number[] =>
  Array.from({ length: members }, (_, position) => position);

/** Whether a member follows the rules. */
export function isHonest({ twice, anyhow }: Life, member: number): boolean {
  return twice?.includes(member) !== true && anyhow?.includes(member) !== true;
}

/** Whether a member has asked to leave. It knows of its own leave, so it chooses nothing if it is honest. */
export function isLeaving({ commits }: Life, member: number): boolean {
  return commits.some(({ leavers }) => leavers?.includes(member));
}

export function accepts({ commits }: Life, member: number, commit: number): boolean {
  return commits[commit]?.acceptedBy?.includes(member) ?? true;
}

export function removes({ commits }: Life, commit: number, member: number): boolean {
  const { leavers, removed } = commits[commit] ?? {};
  return leavers?.includes(member) === true || removed?.includes(member) === true;
}

/** Name of a commit, as in docs/closing.md. */
export const nameOf = (commit: number): string => "ABC"[commit] ?? "?";
