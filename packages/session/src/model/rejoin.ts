import type { MemberId } from "@demls/wire/core";
import { map, optionalTime, whole, type SliceValue } from "./slice.js";

/** Key package by which a member asks to replace its leaf. */
export interface RequestedRejoin {
  readonly keyPackage: Uint8Array;
  /** KeyPackageRef, lower-case hex. */
  readonly reference: string;
  /** Signature key of its leaf, and when that was made. */
  readonly signatureKey: Uint8Array;
  readonly keySince: number;
  /** Names of the leaves that it may replace. */
  readonly replaces: readonly Uint8Array[];
  /** References of the last earlier key packages by which the member has asked since it was heard. */
  readonly earlier: readonly string[];
  /** Monotonic time at which it was received. */
  readonly atMs: number;
  /** Monotonic time of the first one since the member was heard: each attempt to join announces another one. */
  readonly sinceMs: number;
}

export const rejoinSlice = {
  /** Rejoins of other members that wait for a commit. */
  requested: map<MemberId, RequestedRejoin>({
    shifted: (request, byMs) => ({
      ...request,
      atMs: request.atMs + byMs,
      sinceMs: request.sinceMs + byMs,
    }),
  }),
  /** Members that asked without naming their leaf, and the monotonic time of the answer to each. */
  notices: map<MemberId, number>({ shifted: (atMs, byMs) => atMs + byMs }),
  /** Names of leaves of this member, as members have told it while it rejoins: the group may have replaced its leaf. */
  leaves: whole<readonly Uint8Array[]>([]),
  /**
   * Members that were not heard since they or this member joined. They may still be in an epoch without this member,
   * and refuse its welcome.
   */
  unmet: whole<readonly MemberId[]>([]),
  /** Latest epoch that this member entered by a commit that a majority had chosen. */
  certifiedEpoch: whole<bigint | undefined>(undefined),
  /** Announced key package that replaces this member's leaf; undefined unless it was left behind. */
  keyPackage: whole<Uint8Array | undefined>(undefined),
  /** Number of announcements of it. */
  announcements: whole(0),
  /** Monotonic time at which this member shows that it is there, because a key package asks for its place. */
  showAtMs: optionalTime(),
  /** Monotonic times of the last such key package, and at which this member last showed itself. */
  askedAtMs: optionalTime(),
  shownAtMs: optionalTime(),
  /** Monotonic time of the next announcement, or of the next request for a key package. */
  announceAtMs: optionalTime(),
};

/** Members that replace their own leaves because they were left behind. */
export type Rejoin = SliceValue<typeof rejoinSlice>;
