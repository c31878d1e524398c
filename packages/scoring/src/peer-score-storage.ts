import type { MemberId } from "@demls/wire/core";

/** A member and its score. */
export interface MemberScore {
  readonly memberId: MemberId;
  /** Signed 64-bit. */
  readonly score: bigint;
}

/**
 * Table of the scores of one conversation: the counterpart of `PeerScoreStorage` in de-mls 3.0.0. Its functions return
 * a new table and never change their arguments.
 *
 * @typeParam Scores - The table, plain data that the session stores with the conversation.
 */
export interface PeerScoreStorage<Scores = ReadonlyMap<MemberId, bigint>> {
  /** An empty table. */
  empty(): Scores;
  /** A member's score; `undefined` if it has none. */
  get(scores: Scores, memberId: MemberId): bigint | undefined;
  /** The table with these scores set. Of several entries for one member the last counts. */
  set(scores: Scores, entries: readonly MemberScore[]): Scores;
  /** The table without a member; the same table if it has no such member. */
  remove(scores: Scores, memberId: MemberId): Scores;
  /** Every entry once, in any order. */
  allScores(scores: Scores): Iterable<MemberScore>;
}

/** Creates the default {@link PeerScoreStorage}: a `Map`, copied when it changes. */
export function createMapScoreStorage(): PeerScoreStorage {
  return Object.freeze({
    empty: () => new Map(),
    get: (scores, memberId) => scores.get(memberId),
    set(scores, entries) {
      const next = new Map(scores);
      for (const { memberId, score } of entries) next.set(memberId, score);
      return next;
    },
    remove(scores, memberId) {
      if (!scores.has(memberId)) return scores;
      const next = new Map(scores);
      next.delete(memberId);
      return next;
    },
    allScores: (scores) => Array.from(scores, ([memberId, score]) => ({ memberId, score })),
  } satisfies PeerScoreStorage);
}
