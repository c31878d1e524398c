import type { MemberId } from "@demls/wire/core";

import type { StewardListConfig } from "./steward-list-config.js";
import type { Eligible, StewardList } from "./steward-list.js";
import type { StewardState } from "./steward-state.js";

/** Event of a change of the steward state. */
export type StewardListEvent =
  /** A list was installed: by the creator, a sync, an election, or because the group is smaller than `snMin`. */
  | {
      readonly kind: "listInstalled";
      /** The epoch the list starts at. */
      readonly epoch: bigint;
      readonly retryRound: number;
      /** Its number of stewards. */
      readonly size: number;
    }
  /** More elections failed than the conversation allows: a Deadlock emergency is due. */
  | {
      readonly kind: "retryExhausted";
      /** The current retry round, above `max`. */
      readonly round: number;
      readonly max: number;
    };

/** Reason not to propose an election, in the order of the checks. */
export type ElectionSkipReason = "list-not-exhausted" | "not-the-proposer" | "no-candidates";

/** Decision to propose an election, with its content, or not. */
export type ElectionDecision =
  | { readonly kind: "skip"; readonly reason: ElectionSkipReason }
  | {
      readonly kind: "propose";
      readonly proposedStewards: readonly MemberId[];
      readonly electionEpoch: bigint;
      readonly retryRound: number;
    };

/** Stewards responsible for an epoch. */
export interface EpochStewards {
  /** `undefined` if the list is missing or exhausted, or has no eligible steward. */
  readonly epochSteward: MemberId | undefined;
  /** The backup steward, never the epoch steward; `undefined` if no other is eligible. */
  readonly backup: MemberId | undefined;
}

/** A new steward state and its events, in order. */
export interface StewardUpdate<S> {
  readonly state: S;
  readonly events: readonly StewardListEvent[];
}

/**
 * Steward selection: the counterpart of `StewardListPlugin` in de-mls 3.0.0, as functions of a value.
 *
 * A plug-in has no state of its own. Each call gets the state, plain data that the session stores with the
 * conversation, and returns the next. It does not depend on MLS or consensus: the caller determines which members are
 * eligible. It must depend on its arguments only, because every member must derive the same list.
 *
 * @typeParam S - The plug-in's state.
 */
export interface StewardListPlugin<S = StewardState> {
  /**
   * State of a new conversation: no list, retry round 0.
   *
   * A joiner starts with it and installs the list of the sync. A creator installs itself at once: `installList(state,
   * 0n, [creator], 1, 0)`.
   *
   * @param maxRetries - Failed elections allowed per epoch before `retryExhausted`.
   */
  create(conversationId: string, config: StewardListConfig, maxRetries: number): S;

  /** The current bounds. */
  config(state: S): StewardListConfig;
  /** Changes the bounds of later lists; the current list and the retry round stay. */
  withConfig(state: S, config: StewardListConfig): S;
  /**
   * Sets the seed of later lists, proposals and checks; the current list stays. In a strict conversation the session sets it
   * before each, to a hash of the epoch authenticator, so that no one can create an id that comes first. Without a seed, as
   * in 3.0.0, a list follows from public values.
   *
   * @param seed - Bytes that all members of the epoch of the list know; `undefined` for none.
   */
  withSeed(state: S, seed: Uint8Array | undefined): S;
  /** The current list; `undefined` before a joiner's sync. */
  currentList(state: S): StewardList | undefined;
  /** Number of failed elections since the last success, unlike the round of {@link currentList}. */
  retryRound(state: S): number;
  /** Number of failed elections allowed. */
  maxRetries(state: S): number;
  /** Changes that number. */
  withMaxRetries(state: S, maxRetries: number): S;

  /** Whether `id` is on the current list. */
  isSteward(state: S, id: MemberId): boolean;
  /** Whether the current list has no steward for `epoch`, so that an election is due. False without a list. */
  isExhausted(state: S, epoch: bigint): boolean;

  /** The steward responsible for `epoch`: the nominal one, or the next eligible one on the list. */
  epochSteward(state: S, epoch: bigint, eligible: Eligible): MemberId | undefined;
  /** The epoch steward and its backup. */
  epochAndBackup(state: S, epoch: bigint, eligible: Eligible): EpochStewards;
  /** The eligible stewards, in list order. */
  stewardMembers(state: S, eligible: Eligible): readonly MemberId[];
  /** The proposer of the next election: the first eligible steward of the list, in any epoch. */
  electionProposer(state: S, eligible: Eligible): MemberId | undefined;

  /**
   * Derives and installs a list.
   *
   * @param candidatePool - Possible stewards.
   * @param size - Number of stewards.
   * @param retryRound - Round of the accepted election; 0 without one.
   * @throws DemlsError `no-steward-candidates` or `invalid-steward-list-size`. Check a list from the network with
   *   {@link validateProposed} first.
   */
  installList(
    state: S,
    epoch: bigint,
    candidatePool: readonly MemberId[],
    size: number,
    retryRound: number,
  ): StewardUpdate<S>;
  /**
   * Makes all members stewards of a group smaller than `snMin`. Called after every commit that changed the members.
   *
   * @returns The same state and no event if nothing changes.
   */
  maybeAutoFill(state: S, epoch: bigint, members: readonly MemberId[]): StewardUpdate<S>;
  /** Whether `proposed` is the list derived from the same inputs. Never throws: a malformed list is a different one. */
  validateProposed(
    state: S,
    proposed: readonly MemberId[],
    epoch: bigint,
    candidatePool: readonly MemberId[],
    retryRound: number,
  ): boolean;
  /**
   * Decides whether this member proposes an election now, and which stewards it proposes.
   *
   * @param self - This member.
   * @param recovery - Whether to propose before the list is exhausted.
   */
  proposeElection(
    state: S,
    epoch: bigint,
    candidatePool: readonly MemberId[],
    self: MemberId,
    eligible: Eligible,
    recovery: boolean,
  ): ElectionDecision;

  /** Counts a failed election. Each one beyond the limit yields `retryExhausted`. */
  bumpRetry(state: S): StewardUpdate<S>;
  /** Resets the number of failed elections, after an accepted election or a commit. */
  resetRetry(state: S): S;
}
