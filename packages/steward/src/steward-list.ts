import { DemlsError, type MemberId } from "@demls/wire/core";

import { isValidListSize, type StewardListConfig } from "./steward-list-config.js";
import { sortBySteward } from "./steward-order.js";

/** Stewards of the epochs `[electionEpoch, electionEpoch + members.length)`. */
export interface StewardList {
  /** Stewards in the order of their epochs. */
  readonly members: readonly MemberId[];
  /** Epoch of the first steward. */
  readonly electionEpoch: bigint;
  /** Retry round that the order was derived with (u32). It never changes afterwards. */
  readonly retryRound: number;
  /** Seed that the order was derived with; absent without one. */
  readonly seed?: Uint8Array;
}

/** Inputs of a list. Equal inputs give equal lists at every member. */
export interface StewardListInputs {
  /** First epoch of the list (u64). */
  readonly electionEpoch: bigint;
  /** Number of failed elections of this epoch (u32). */
  readonly retryRound: number;
  /** The conversation's name; hashed as UTF-8. */
  readonly conversationId: string;
  /** Hashed in place of the conversation's name: see `StewardListPlugin.withSeed`. */
  readonly seed?: Uint8Array | undefined;
  /** Possible stewards. Their order matters only between equal ids. */
  readonly candidates: readonly MemberId[];
  /** Bounds on the size. */
  readonly config: StewardListConfig;
}

/** Whether a member may serve now: neither gone nor queued for removal. */
export type Eligible = (id: MemberId) => boolean;

/**
 * Derives a steward list: the first `size` candidates, ascending by `SHA-256(epoch u64 BE ‖ retry round u32 BE ‖ member
 * id ‖ conversation id)`, or with the seed in place of the conversation id.
 *
 * @param size - Number of stewards; see {@link computeListSize} and {@link isValidListSize}.
 * @throws DemlsError `no-steward-candidates` (field `candidates`) without candidates; `invalid-steward-list-size`
 *   (field `size`) if the configuration does not allow the size. Check a list from the network with {@link
 *   validateStewardList}, which never throws.
 * @see RFC "Decentralized MLS off-chain consensus", steward list creation.
 *
 * @example
 * ```ts
 * const inputs = { electionEpoch: 4n, retryRound: 0, conversationId: "garden", candidates: members, config };
 * const list = generateStewardList(inputs, computeListSize(config, members.length));
 * ```
 */
export function generateStewardList(inputs: StewardListInputs, size: number): StewardList {
  const { candidates, config, electionEpoch, retryRound, seed } = inputs;
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
  return { members: sortBySteward(inputs).slice(0, size), electionEpoch, retryRound, ...(seed && { seed }) };
}

/**
 * Whether `proposed` equals the list of its length that is derived from these inputs. Never throws: it is false for a
 * disallowed size or no candidates.
 */
export function validateStewardList(proposed: readonly MemberId[], inputs: StewardListInputs): boolean {
  const { candidates, config } = inputs;
  if (candidates.length === 0 || !isValidListSize(config, proposed.length, candidates.length)) return false;
  const sorted = sortBySteward(inputs);
  return proposed.every((id, i) => id === sorted[i]);
}

/** Whether the list has no steward for `epoch`: all have served, or the epoch is before its first. */
export function isListExhausted(list: StewardList, epoch: bigint): boolean {
  return epoch < list.electionEpoch || epoch - list.electionEpoch >= BigInt(list.members.length);
}

/**
 * Finds the first eligible steward from the place of `epoch` plus `offset`, once around the rotation.
 *
 * @param offset - 0 for the epoch steward, 1 for the backup.
 * @returns `undefined` if the list is exhausted at `epoch` or has no eligible steward.
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
