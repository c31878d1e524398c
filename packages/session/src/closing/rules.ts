import type { StagedCommit } from "@demls/mls";
import type { ScoreEvent } from "@demls/scoring";
import type { EpochRecord } from "@demls/wire";
import type { MemberId } from "@demls/wire/core";
import type { HeldCandidate } from "../model/commit.js";
import type { Facts } from "../model/fact.js";
import type { PhaseReason } from "../model/traced-decision.js";
import type { ActiveTransaction } from "../model/transaction.js";

/** Place of a new candidate among the held ones of its steward. */
export interface Place {
  readonly isRefused: boolean;
  /** The one that it takes the place of. */
  readonly displaced?: HeldCandidate | undefined;
}

/** Record of the epoch that a candidate carries. */
export interface CarriedRecord {
  readonly record: EpochRecord | undefined;
  /** Authenticated data of the commit: the encrypted record. */
  readonly sealed: Uint8Array | undefined;
}

/** How an epoch ends: the rules in which the two modes differ. */
export interface ClosingRules {
  /** Finds the place of a new candidate among the `rivals` of its steward. */
  hold(tx: ActiveTransaction, candidate: HeldCandidate, rivals: readonly HeldCandidate[]): Place;
  /** Whether a refused candidate is staged again later: its generations stay unused. */
  readonly stagesRefusedAgain: boolean;
  /**
   * Rule that a candidate's author violates. Checked when the candidate is used, as in 3.0.0, because the vote that
   * authorises its sender may arrive after the candidate.
   */
  violationOf(tx: ActiveTransaction, candidate: HeldCandidate): ScoreEvent | undefined;
  /** Whether a commit contains the approved changes, as far as the rules demand. */
  carriesOut(tx: ActiveTransaction, staged: StagedCommit): boolean;
  /** Whether every member with the same approved changes accepts a candidate. */
  isValid(tx: ActiveTransaction, candidate: HeldCandidate): boolean;
  /** Whether a candidate that is not valid here may be at its author, and is followed. */
  isExcused(tx: ActiveTransaction, candidate: HeldCandidate): boolean;
  /** Stewards that send a candidate. */
  awaited(tx: ActiveTransaction): readonly MemberId[];
  /** The steward whose turn a commit is: its candidate comes first among those with as many changes. */
  turnOf(tx: ActiveTransaction, staged: StagedCommit): MemberId | undefined;
  /** Whether this member could take one of the candidates that came after its freeze. */
  takesLate(tx: ActiveTransaction): Promise<boolean>;
  /** Time in ms from the first approved change until the freeze, unless the group is in recovery; Infinity: none now. */
  batchWaitMs(tx: ActiveTransaction): number;
  /** Whether this member, if it is no steward, commits when no steward does. */
  standsIn(tx: ActiveTransaction): boolean;
  /** Time in ms from the beginning of the freeze until a committer sends its candidate. */
  standInWaitMs(tx: ActiveTransaction, member: MemberId): number;
  /** Monotonic time at which a held candidate may be chosen; `undefined` if none waits for its time. */
  standInEndsMs(tx: ActiveTransaction): number | undefined;
  /** Whether a candidate of this member would only compete with one that is here. */
  isServed(tx: ActiveTransaction): Promise<boolean>;
  /** Whether chat waits for the end of the freeze, and the freeze for this member's election. */
  readonly holdsStill: boolean;
  /** Whether the freeze ends before its time: no better candidate is waited for. `isComplete`: all that can come are here. */
  endsEarly(tx: ActiveTransaction, isComplete: () => boolean): Promise<boolean>;
  /** Ends the freeze. */
  end(tx: ActiveTransaction, occasion: PhaseReason): Promise<Facts>;
  /** Merges the commit that the members of the epoch have agreed on; `undefined` while they have not. */
  merge(tx: ActiveTransaction): Promise<Facts | undefined>;
  /** The record that this member's candidate carries. */
  carriedRecord(tx: ActiveTransaction): Promise<CarriedRecord>;
  /** Reads the record of a commit; `undefined` if no member can adopt it. */
  readRecord(tx: ActiveTransaction, staged: StagedCommit): Promise<Pick<CarriedRecord, "record"> | undefined>;
  /** Monotonic time at which this member waits no longer for others; `undefined` if it waits for none. */
  dueMs(tx: ActiveTransaction): number | undefined;
}
