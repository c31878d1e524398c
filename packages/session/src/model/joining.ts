import type { ConversationSync } from "@demls/wire";
import type { MemberId } from "@demls/wire/core";
import { list, map, optionalTime, time, whole, type SliceValue } from "./slice.js";

export const joiningSlice = {
  /** Monotonic time of the join request. */
  askedAtMs: time(0),
  /** Id of the only group to join, lower-case hex; undefined if any group of the name will do. */
  groupId: whole<string | undefined>(undefined),
  /** Names of leaves of this member, as members have told it: it was a member, and has lost its storage. */
  leaves: whole<readonly Uint8Array[]>([]),
  /** Announced key package; undefined before the first announcement. */
  keyPackage: whole<Uint8Array | undefined>(undefined),
  /** Redemption of an invitation for the key package. It may be published, unlike the invitation's secret. */
  redemption: whole<Uint8Array | undefined>(undefined),
  /** Number of announcements of it. */
  announcements: whole(0),
  /** Monotonic time of the next announcement. */
  announceAtMs: optionalTime(),
  /** Whether the join was resumed after a start: its state may be an old copy, whose welcome was used already. */
  resumed: whole(false),
};

/** A pending join. */
export type Joining = SliceValue<typeof joiningSlice>;

/** Welcome that this member sent, kept for joiners that ask again. */
export interface KeptWelcome {
  /** References of the key packages that it is for. */
  readonly references: readonly string[];
  /** Their owners. */
  readonly members: readonly MemberId[];
  readonly welcome: Uint8Array;
  /** Monotonic time at which it was last sent. */
  readonly sentAtMs: number;
}

/** Arrival of a member: who let it in, and when. */
export interface Arrival {
  /** Time of the commit that added it, by its committer's wall clock: seconds since the Unix epoch. */
  readonly since: bigint;
  /** Member that answers for it: its inviter, or the member that vouched for it. */
  readonly sponsor: MemberId;
  /** Whether it came with an invitation. */
  readonly invited: boolean;
  /** Whether votes by hand let it in. */
  readonly byHand: boolean;
  /** Whether a commit has stated that more than half of the settled members have confirmed it: its probation is over. */
  readonly confirmed: boolean;
  /** Members that have confirmed it, as far as this member knows. */
  readonly confirmedBy: readonly MemberId[];
}

export const admissionSlice = {
  /** Arrivals of members that commits have added, and of those that have left within their probation. */
  arrivals: map<MemberId, Arrival>(),
  /** References of key packages that commits have spent, oldest first. */
  spent: whole<readonly string[]>([]),
  welcomes: list<KeptWelcome>({
    identity: ({ welcome }) => welcome,
    shifted: (kept, byMs) => ({ ...kept, sentAtMs: kept.sentAtMs + byMs }),
  }),
};

/** Joiners that commits have added. */
export type Admission = SliceValue<typeof admissionSlice>;

export const syncSlice = {
  /** Whether a ConversationSync was applied. The creator of a group needs none. */
  synced: whole(false),
  /** Member whose commit added this one; undefined for the creator. */
  admittedBy: whole<MemberId | undefined>(undefined),
  /** Reference of the key package with which that commit added it, if it had asked by the name alone. */
  keyPackage: whole<string | undefined>(undefined),
  /** Ids of other groups of this name that have added the same key package. */
  otherGroups: whole<readonly string[]>([]),
  /** Applied ConversationSync of a member other than `admittedBy`, whose own ConversationSync replaces it. */
  provisional: whole<ConversationSync | undefined>(undefined),
};

/** ConversationSync state of a joined member. */
export type Sync = SliceValue<typeof syncSlice>;
