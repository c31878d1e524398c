import { compareBytes, type MemberId } from "@demls/wire/core";
import { sha256 } from "@noble/hashes/sha2.js";

/** Maximum MLS proposals in one commit candidate, as in de-mls 3.0.0. */
export const COMMIT_BATCH_MAX = 50;

/** Claims of a commit candidate that determine its rank. */
export interface CandidateRank {
  /** Number of bundled MLS proposals. */
  readonly proposalCount: number;
  /** The claimed committer. Ranking trusts it; staging must not. */
  readonly steward: MemberId;
  /** {@link commitHash} of its commit message, 32 bytes. */
  readonly commitHash: Uint8Array;
  /**
   * Whether it is the turn of its committer, which wins ties; by default, whether that is the `epochSteward`. A commit that
   * removes the epoch steward is the turn of the next one on the list.
   */
  readonly isTurn?: boolean;
  /**
   * Text by which equal candidates of different committers are sorted, ascending; by default the id of the committer, which it
   * can choose.
   */
  readonly order?: string;
}

/** Context of {@link rankCandidates}. */
export interface RankRules {
  /** Number of adds and removes approved for the next commit. */
  readonly approvedCount: number;
  /** Whether candidates with fewer proposals are admitted: {@link StewardListConfig.allowSubsetCandidates}. */
  readonly allowSubset: boolean;
  /** The live epoch steward, whose candidate wins ties; `undefined` if there is none. */
  readonly epochSteward: MemberId | undefined;
}

/** SHA-256 of a commit message, 32 bytes: identifies a candidate, and is the last criterion of its rank. */
export function commitHash(commitMessage: Uint8Array): Uint8Array {
  return sha256(commitMessage);
}

/**
 * Compares two candidates: more proposals first, then the epoch steward's, then the smaller `order` or steward id, then the
 * smaller commit hash.
 *
 * @returns Negative if `a` comes first, positive if `b` does, 0 only for the same commit of the same steward.
 * @see RFC "Decentralized MLS off-chain consensus", deterministic candidate selection.
 */
export function compareCandidates(
  a: CandidateRank,
  b: CandidateRank,
  epochSteward: MemberId | undefined,
): number {
  if (a.proposalCount !== b.proposalCount) return b.proposalCount - a.proposalCount;
  if (a.steward === b.steward) return compareBytes(a.commitHash, b.commitHash);
  const isFirst = ({ isTurn, steward }: CandidateRank): boolean => isTurn ?? steward === epochSteward;
  if (isFirst(a) !== isFirst(b)) return isFirst(a) ? -1 : 1;
  const { order: first = a.steward } = a;
  const { order: second = b.steward } = b;
  // Hex digits sort like the bytes they encode.
  return first < second || (first === second && a.steward < b.steward) ? -1 : 1;
}

/**
 * Returns the admissible candidates, best first. The first one that stages and passes the other checks becomes the next
 * epoch, so members with the same candidates choose the same one.
 *
 * A candidate is left out if its number of proposals differs from the approved number, or with `allowSubset` exceeds
 * it.
 *
 * @example
 * ```ts
 * const ranked = rankCandidates(received, { approvedCount: 2, allowSubset: false, epochSteward: alice });
 * const winner = ranked.find((candidate) => stages(candidate));
 * ```
 */
export function rankCandidates<T extends CandidateRank>(
  candidates: readonly T[],
  { approvedCount, allowSubset, epochSteward }: RankRules,
): readonly T[] {
  return candidates
    .filter(({ proposalCount }) =>
      allowSubset ? proposalCount <= approvedCount : proposalCount === approvedCount,
    )
    .sort((a, b) => compareCandidates(a, b, epochSteward));
}
