import type { StagedCommit } from "@demls/mls";
import type { MemberId } from "@demls/wire/core";
import { groupBytes, map, optionalTime, whole, type GroupCodec, type SliceValue } from "./slice.js";

/**
 * A commit candidate whose MLS sender has been authenticated. One is held for each sender: of several, the one with
 * the smallest hash, so that all members keep the same.
 */
export interface HeldCandidate {
  /** The sender that MLS authenticated. */
  readonly steward: MemberId;
  /** SHA-256 of the commit message. */
  readonly commitHash: Uint8Array;
  /** Number of distinct proposals bundled with it. Other changes in the commit are not counted, as in 3.0.0. */
  readonly proposalCount: number;
  readonly own: boolean;
  /** The own candidate's sequence number in the outbox; absent on a peer's. */
  readonly sequence: number | undefined;
  /** The epoch that the commit leads to. */
  readonly staged: StagedCommit;
  /** Whether its sender made every proposal that it carries out. No other commit can win. */
  readonly ownWork: boolean;
  /** Ids of the proposals that were approved here when it came. */
  readonly approvedThen: readonly number[];
  /** The welcome for the members it adds; only on the own candidate. */
  readonly welcome: Uint8Array | undefined;
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
   * the wait for a better candidate than the late one.
   */
  anchoredAtMs: optionalTime(),
  /** By sender. */
  candidates: map<MemberId, HeldCandidate>({ encode: encodeCandidate, decode: decodeCandidate }),
  /** Hashes of merged commits, oldest first. */
  merged: whole<readonly string[]>([]),
};

/** The next commit: its timer, and the candidates for it. */
export type Commit = SliceValue<typeof commitSlice>;
