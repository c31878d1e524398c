/**
 * A member's state as one number, which is also a key of tables: 15 bits of known choices, 3 of held candidates, the
 * merged commit, two marks, 3 of commits that were taken back. Its own choice is among the known ones.
 */
export type MemberState = number;

/** Known choices and held candidates: the lowest 18 bits of a member's state. */
export type Knowledge = number;

/** Set of commits, one bit each. */
export type Commits = number;

const MAX_COMMITS = 3;
export const KNOWLEDGE = (1 << 18) - 1;
const MERGED = 3 << 18;

/** The mark of a member that keeps no fork: it has merged a commit for good, or has left the group. */
export const SETTLED = 1 << 20;
/** The mark of a member that has merged by rule 2. */
export const SURE = 1 << 21;

/** Knowledge that a member has chosen a commit. */
export const choiceOf = (member: number, commit: number): Knowledge => 1 << (MAX_COMMITS * member + commit);

export const holding = (commit: number): Knowledge => 1 << (15 + commit);

/** All choices of a member. */
export const choicesOf = (member: number): Knowledge => 7 << (MAX_COMMITS * member);

/** The commits that a member has chosen, of those known. */
export const chosenBy = (known: Knowledge, member: number): Commits => (known >>> (MAX_COMMITS * member)) & 7;

export const heldIn = (knowledge: Knowledge): Commits => (knowledge >>> 15) & 7;

/** The commit that a member has merged; -1 for none. */
export const mergedBy = (state: MemberState): number => ((state >>> 18) & 3) - 1;

export const takenBackBy = (state: MemberState): Commits => (state >>> 22) & 7;

/** The state after the merge of a commit. One that was merged before is taken back. */
export function afterMerge(state: MemberState, commit: number, marks: number): MemberState {
  const before = mergedBy(state);
  const left = before < 0 ? 0 : 1 << (22 + before);
  return (state & ~(MERGED | SETTLED | SURE)) | left | ((commit + 1) << 18) | marks;
}

/** The state of a member at another position. */
export function atPositions(state: MemberState, positions: readonly number[]): MemberState {
  let known = 0;
  for (const [from, to] of positions.entries()) known |= chosenBy(state, from) << (MAX_COMMITS * to);
  return (state & ~0x7fff) | known;
}

export function countOf(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}
