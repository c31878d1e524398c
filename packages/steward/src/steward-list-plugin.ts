import type { MemberId } from "@demls/wire/core";

import type { StewardListConfig } from "./steward-list-config.js";
import type { Eligible, StewardList } from "./steward-list.js";
import type { StewardState } from "./steward-state.js";

/** What a change of the steward state calls for. */
export type StewardListEvent =
  /** A list has been installed: by the creator, a sync, an election or the fill below `snMin`. */
  | {
      readonly kind: "listInstalled";
      /** The epoch the list starts at. */
      readonly epoch: bigint;
      readonly retryRound: number;
      /** How many stewards it has. */
      readonly size: number;
    }
  /** As many elections failed as the conversation allows: time for a Deadlock emergency. */
  | {
      readonly kind: "retryExhausted";
      /** The retry round now, above `max`. */
      readonly round: number;
      readonly max: number;
    };

/** Why a member does not propose an election. Checked in this order. */
export type ElectionSkipReason = "list-not-exhausted" | "not-the-proposer" | "no-candidates";

/** Whether a member should propose an election, and which. */
export type ElectionDecision =
  | { readonly kind: "skip"; readonly reason: ElectionSkipReason }
  | {
      readonly kind: "propose";
      readonly proposedStewards: readonly MemberId[];
      readonly electionEpoch: bigint;
      readonly retryRound: number;
    };

/** The stewards responsible at an epoch. */
export interface EpochStewards {
  /** `undefined` where the list is missing or exhausted, or nobody on it is eligible. */
  readonly epochSteward: MemberId | undefined;
  /** Who stands in. Never the epoch steward; `undefined` where nobody else is eligible. */
  readonly backup: MemberId | undefined;
}

/** A new steward state and what follows from it, in order. */
export interface StewardUpdate<S> {
  readonly state: S;
  readonly events: readonly StewardListEvent[];
}

/**
 * Who may commit, and when: the counterpart of `StewardListPlugin` in de-mls 3.0.0, as functions of a value.
 *
 * A plug-in holds nothing itself. It is passed its state, which is plain data that the session stores with
 * the conversation, and hands back a new one. It knows nothing of MLS or consensus: who is eligible is asked
 * of the caller. It must decide by its arguments alone, because every member has to come to the same list.
 *
 * @typeParam S - The plug-in's state.
 */
export interface StewardListPlugin<S = StewardState> {
  /**
   * The state of a new conversation: no list, retry round 0.
   *
   * A joiner starts like this and installs the list of the sync. A creator installs itself at once:
   * `installList(state, 0n, [creator], 1, 0)`.
   *
   * @param maxRetries - How many failed elections an epoch may have before `retryExhausted`.
   */
  create(conversationId: string, config: StewardListConfig, maxRetries: number): S;

  /** The bounds in force. */
  config(state: S): StewardListConfig;
  /** Other bounds, for lists to come; list and retry round stay. */
  withConfig(state: S, config: StewardListConfig): S;
  /** The list in force; `undefined` before a joiner's sync. */
  currentList(state: S): StewardList | undefined;
  /** Elections that failed since the last success. Not the round of {@link currentList}. */
  retryRound(state: S): number;
  /** How many failed elections are allowed. */
  maxRetries(state: S): number;
  /** Another such limit. */
  withMaxRetries(state: S, maxRetries: number): S;

  /** Whether `id` is on the list in force. */
  isSteward(state: S, id: MemberId): boolean;
  /** Whether the list in force has nobody for `epoch`, so that an election is due. Not without a list. */
  isExhausted(state: S, epoch: bigint): boolean;

  /** The steward responsible for `epoch`: the nominal one, or the next on the list that is eligible. */
  epochSteward(state: S, epoch: bigint, eligible: Eligible): MemberId | undefined;
  /** That steward and who stands in for it. */
  epochAndBackup(state: S, epoch: bigint, eligible: Eligible): EpochStewards;
  /** The eligible stewards, in list order. */
  stewardMembers(state: S, eligible: Eligible): readonly MemberId[];
  /** Who proposes the next election: the first eligible steward of the list, whatever the epoch. */
  electionProposer(state: S, eligible: Eligible): MemberId | undefined;

  /**
   * Derives a list and puts it in force.
   *
   * @param candidatePool - Who may become a steward.
   * @param size - How many stewards.
   * @param retryRound - The round of the election that was accepted; 0 where there was none.
   * @throws DemlsError `no-steward-candidates` or `invalid-steward-list-size`. Ask {@link validateProposed}
   * first about a list that came from the network.
   */
  installList(
    state: S,
    epoch: bigint,
    candidatePool: readonly MemberId[],
    size: number,
    retryRound: number,
  ): StewardUpdate<S>;
  /**
   * Makes everyone a steward where the group is smaller than `snMin`. Called after every commit that changed
   * the members.
   *
   * @returns The same state and no event where nothing had to change.
   */
  maybeAutoFill(state: S, epoch: bigint, members: readonly MemberId[]): StewardUpdate<S>;
  /**
   * Whether `proposed` is the list this plug-in derives from the same inputs. Never throws: a malformed list
   * is simply not it.
   */
  validateProposed(
    state: S,
    proposed: readonly MemberId[],
    epoch: bigint,
    candidatePool: readonly MemberId[],
    retryRound: number,
  ): boolean;
  /**
   * Whether this member should propose an election now, and of whom.
   *
   * @param self - This member.
   * @param recovery - Proposes although the list is not exhausted.
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
  /** Forgets failed elections, after an accepted one or a commit. */
  resetRetry(state: S): S;
}
