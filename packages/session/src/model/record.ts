import type { MemberId } from "@demls/wire/core";
import type { ElectionRequest, EmergencyRequest } from "./request.js";
import { whole, type SliceValue } from "./slice.js";

/** Stewards and scores, as a member reckons them. */
export interface Reckoning {
  /** Value of the steward list plug-in. */
  readonly list: unknown;
  /** Value of the scoring plug-in. */
  readonly scores: unknown;
  /** Whether any member may commit. */
  readonly recovery: boolean;
}

/** Result that changes stewards or scores: an approved election, or an emergency that was decided by votes. */
export interface EpochResult {
  readonly proposalId: number;
  readonly approved: boolean;
  /** Epoch in which this member reached it. */
  readonly epoch: bigint;
  readonly request: ElectionRequest | EmergencyRequest;
}

/** A steward whose turn it was in the epoch before, and that another member's commit has passed over. */
export interface PassedSteward {
  readonly steward: MemberId;
  /** The epoch that the commit has ended. */
  readonly epoch: bigint;
}

export const recordSlice = {
  /** Reckoning at the beginning of the epoch; undefined for a joiner without a ConversationSync of its committer. */
  opening: whole<Reckoning | undefined>(undefined),
  /** Results of this epoch, in the order of the decisions. */
  results: whole<readonly EpochResult[]>([]),
  /** Steward that the last commit has passed over; undefined if it was its author's turn, and for a joiner. */
  passed: whole<PassedSteward | undefined>(undefined),
  /** Membership proposals that the author of the last commit knew, by id. */
  known: whole<readonly number[]>([]),
  /** Changes that were approved here at the last commit, and that its author did not know, by proposal id. */
  unknown: whole<readonly number[]>([]),
};

/** Basis of the record that the next commit carries. */
export type RecordSlice = SliceValue<typeof recordSlice>;
