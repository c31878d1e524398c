import type { MlsAction, StagedCommit } from "@demls/mls";
import type { EpochRecord } from "@demls/wire";
import type { MemberId } from "@demls/wire/core";
import { groupBytes, map, optionalTime, whole, type GroupCodec, type SliceValue } from "./slice.js";

/** Commit candidate with an authenticated MLS sender. */
export interface HeldCandidate {
  /** The sender that MLS authenticated. */
  readonly steward: MemberId;
  /** SHA-256 of the commit message. */
  readonly commitHash: Uint8Array;
  /** Number of distinct proposals in the candidate. Other changes in the commit are not counted, as in 3.0.0. */
  readonly proposalCount: number;
  readonly own: boolean;
  /** Sequence number in the outbox of this member's own candidate; undefined for others. */
  readonly sequence: number | undefined;
  /** State of the next epoch, staged. */
  readonly staged: StagedCommit;
  /** Whether the sender proposed every change in its commit. Only such a candidate can be chosen. */
  readonly ownWork: boolean;
  /** Ids of the proposals that were approved on this member when the candidate arrived. */
  readonly approvedThen: readonly number[];
  /** End of the epoch as the author reckons it; undefined in a `de-mls-3` conversation. */
  readonly record: EpochRecord | undefined;
  /** Welcome for added members; only on this member's own candidate. */
  readonly welcome: Uint8Array | undefined;
}

/** Members that changes of a commit remove. */
export function removedBy(actions: readonly MlsAction[]): ReadonlySet<MemberId> {
  return new Set(actions.flatMap((action) => (action.kind === "remove" ? [action.member] : [])));
}

function encodeCandidate(candidate: HeldCandidate, codec: GroupCodec): unknown {
  const { staged } = candidate;
  return { ...candidate, staged: { ...staged, next: groupBytes.encode(staged.next, codec) } };
}

function decodeCandidate(plain: unknown, codec: GroupCodec): HeldCandidate {
  const candidate = plain as HeldCandidate;
  const bytes = candidate.staged.next as unknown as Uint8Array | undefined;
  return { ...candidate, staged: { ...candidate.staged, next: groupBytes.decode(bytes, codec) } };
}

export const commitSlice = {
  /**
   * Monotonic start of the phase's timer: in `working` the inactivity timer, in `freezing` the freeze, in `reelection`
   * the wait for a better candidate than the late one, in `selection` the wait for the choices of other members.
   */
  anchoredAtMs: optionalTime(),
  /** Monotonic time at which this member sends its candidate in the freeze; undefined once it has, and if it sends none. */
  candidateDueAtMs: optionalTime(),
  /** By commit hash, in hex. */
  candidates: map<string, HeldCandidate>({ encode: encodeCandidate, decode: decodeCandidate }),
  /**
   * Ids of candidates that other members served and this one could not take, oldest first. It does not ask for them
   * again.
   */
  refused: whole<readonly string[]>([]),
  /** Hashes of merged commits, oldest first. */
  merged: whole<readonly string[]>([]),
};

/** The next commit: its timer, and the candidates for it. */
export type Commit = SliceValue<typeof commitSlice>;
