import { DemlsError, type MemberId } from "@demls/wire/core";

import { isValidListSize, type StewardListConfig } from "./steward-list-config.js";
import { sortBySteward } from "./steward-order.js";

/** The stewards of a range of epochs: `[electionEpoch, electionEpoch + members.length)`. */
export interface StewardList {
  /** In the order in which they serve, one epoch each. */
  readonly members: readonly MemberId[];
  /** The epoch the first of them serves. */
  readonly electionEpoch: bigint;
  /** The retry round the order was derived with (u32). Part of the list: it never changes afterwards. */
  readonly retryRound: number;
}

/** What a list is derived from. Equal inputs give equal lists at every member. */
export interface StewardListInputs {
  /** The epoch the list starts at (u64). */
  readonly electionEpoch: bigint;
  /** How many elections of this epoch failed before (u32). */
  readonly retryRound: number;
  /** The conversation's name; hashed as UTF-8. */
  readonly conversationId: string;
  /** Who may become a steward. The order matters only between equal ids. */
  readonly candidates: readonly MemberId[];
  /** Bounds on the size. */
  readonly config: StewardListConfig;
}

/** Picks out who may serve now: members that are neither gone nor queued for removal. */
export type Eligible = (id: MemberId) => boolean;

/**
 * Derives a steward list: candidates ascending by
 * `SHA-256(epoch u64 BE ‖ retry round u32 BE ‖ member id ‖ conversation id)`, the first `size` of them.
 *
 * @param size - How many stewards; see {@link computeListSize} and {@link isValidListSize}.
 * @throws DemlsError `no-steward-candidates` (field `candidates`) where there are none;
 * `invalid-steward-list-size` (field `size`) where the configuration does not allow the size for so many.
 * Check a list that the network proposed with {@link validateStewardList}, which never throws.
 * @see RFC "Decentralized MLS off-chain consensus", steward list creation.
 *
 * @example
 * ```ts
 * const inputs = { electionEpoch: 4n, retryRound: 0, conversationId: "garden", candidates: members, config };
 * const list = generateStewardList(inputs, computeListSize(config, members.length));
 * ```
 */
export function generateStewardList(inputs: StewardListInputs, size: number): StewardList {
  const { candidates, config, electionEpoch, retryRound } = inputs;
  if (candidates.length === 0) {
    throw new DemlsError("no-steward-candidates", {
      message: "A steward list needs at least one candidate.",
      field: "candidates",
      remedy: "Pass the members of the group.",
    });
  }
  if (!isValidListSize(config, size, candidates.length)) {
    throw new DemlsError("invalid-steward-list-size", {
      message: `A list of ${size} stewards is not allowed for ${candidates.length} candidates.`,
      field: "size",
      remedy: "Take the size from computeListSize.",
    });
  }
  return { members: sortBySteward(inputs).slice(0, size), electionEpoch, retryRound };
}

/**
 * Whether `proposed` is the list that these inputs give at its own length. Never throws: a list of a size
 * that is not allowed, or one for which there are no candidates, is not it.
 */
export function validateStewardList(proposed: readonly MemberId[], inputs: StewardListInputs): boolean {
  const { candidates, config } = inputs;
  if (candidates.length === 0 || !isValidListSize(config, proposed.length, candidates.length)) return false;
  const sorted = sortBySteward(inputs);
  return proposed.every((id, i) => id === sorted[i]);
}

/** Whether the list has no steward for `epoch`: each has served, or the epoch is before the list's first. */
export function isListExhausted(list: StewardList, epoch: bigint): boolean {
  return epoch < list.electionEpoch || epoch - list.electionEpoch >= BigInt(list.members.length);
}

/**
 * Walks the rotation from the place of `epoch`, moved on by `offset`, once around, to the first steward that
 * is eligible.
 *
 * @param offset - 0 for the epoch steward, 1 for the backup.
 * @returns `undefined` where the list is exhausted at `epoch` or nobody on it is eligible.
 */
export function liveStewardFrom(
  list: StewardList,
  epoch: bigint,
  offset: number,
  eligible: Eligible,
): MemberId | undefined {
  if (isListExhausted(list, epoch)) return undefined;
  const start = (Number(epoch - list.electionEpoch) + offset) % list.members.length;
  return [...list.members.slice(start), ...list.members.slice(0, start)].find((id) => eligible(id));
}
