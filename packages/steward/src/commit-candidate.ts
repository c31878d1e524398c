import { compareBytes, type MemberId } from "@demls/wire/core";
import { sha256 } from "@noble/hashes/sha2.js";

/** Most MLS proposals in one commit candidate, as in de-mls 3.0.0. */
export const COMMIT_BATCH_MAX = 50;

/** What decides a commit candidate's place among its rivals. */
export interface CandidateRank {
  /** How many MLS proposals it bundles. */
  readonly proposalCount: number;
  /** Who is named as its committer. Ranking believes it; staging must not. */
  readonly steward: MemberId;
  /** {@link commitHash} of its commit message, 32 bytes. */
  readonly commitHash: Uint8Array;
}

/** What {@link rankCandidates} goes by. */
export interface RankRules {
  /** How many adds and removes are approved for the next commit. */
  readonly approvedCount: number;
  /**
   * Whether candidates with fewer proposals are admitted, as {@link StewardListConfig.allowSubsetCandidates}
   * says.
   */
  readonly allowSubset: boolean;
  /** The live epoch steward, whose candidate goes before its equals; `undefined` where there is none. */
  readonly epochSteward: MemberId | undefined;
}

/** SHA-256 of a commit message: 32 bytes by which candidates are told apart and ranked last. */
export function commitHash(commitMessage: Uint8Array): Uint8Array {
  return sha256(commitMessage);
}

/**
 * Which of two candidates every member tries first: more proposals, then the epoch steward's, then the
 * smaller steward id, then the smaller commit hash.
 *
 * @returns Negative where `a` goes first, positive where `b` does, 0 only for the same commit of the same
 * steward.
 * @see RFC "Decentralized MLS off-chain consensus", deterministic candidate selection.
 */
export function compareCandidates(
  a: CandidateRank,
  b: CandidateRank,
  epochSteward: MemberId | undefined,
): number {
  if (a.proposalCount !== b.proposalCount) return b.proposalCount - a.proposalCount;
  if (a.steward === b.steward) return compareBytes(a.commitHash, b.commitHash);
  if (a.steward === epochSteward) return -1;
  if (b.steward === epochSteward) return 1;
  // Hex digits sort as the bytes they stand for.
  return a.steward < b.steward ? -1 : 1;
}

/**
 * The candidates that may be applied, best first. The first of them that stages and passes the other checks
 * becomes the next epoch, so that every member that has the same candidates takes the same one.
 *
 * Left out are those whose proposal count is not the approved one, or exceeds it under `allowSubset`.
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
