import type { GroupAssurance, GroupTrust } from "@demls/join";
import type { ConversationSync } from "@demls/wire";
import type { MemberId } from "@demls/wire/core";
import { list, map, optionalTime, time, whole, type SliceValue } from "./slice.js";

/** Welcome to a group that is not confirmed yet. */
export interface HeldWelcome {
  readonly welcome: Uint8Array;
  /** Reference of the key package that it is for, lower-case hex. */
  readonly reference: string;
  /** Epoch that it leads to, and the mark of its group state in lower-case hex. */
  readonly epoch: bigint;
  readonly head: string;
}

/** Group that the inviter or a deputy has confirmed. */
export interface ConfirmedWelcome extends Omit<HeldWelcome, "welcome"> {
  readonly trust: GroupTrust;
  readonly inviter: MemberId;
}

export const joiningSlice = {
  /** Monotonic time of the join request. */
  askedAtMs: time(0),
  /** Monotonic time until which its user waits, if it has said so. */
  awaitedUntilMs: optionalTime(),
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
  /** Welcomes to groups of which none is confirmed, oldest first. Anyone can send some, with groups of the same id. */
  held: list<HeldWelcome>({ identity: ({ welcome }) => welcome }),
  /** The group that is confirmed; its welcome may have been lost. */
  confirmed: whole<ConfirmedWelcome | undefined>(undefined),
  /** Number of announcements since the first welcome that is held, or since the confirmation. */
  asked: whole(0),
  /** Whether the join was resumed after a start: its state may be an old copy, whose welcome was used already. */
  resumed: whole(false),
  /** Monotonic time from which this join withdraws its key package and answers welcomes by a leave; undefined if it is wanted. */
  farewellFromMs: optionalTime(),
  /** Number of withdrawals that were published. */
  withdrawals: whole(0),
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

/** Key package that a commit has added, and the epoch that began with it. */
export interface Admitted {
  /** Lower-case hex. */
  readonly reference: string;
  readonly member: MemberId;
  readonly epoch: bigint;
  /** Mark of the group state. */
  readonly head: Uint8Array;
}

/** Confirmation that a joiner has asked for. */
export interface AskedConfirmation {
  /** Reference of the key package that was added. */
  readonly reference: string;
  /** Nonce of the joiner's redemption. */
  readonly nonce: Uint8Array;
  readonly inviter: MemberId;
  /** Monotonic time at which it is sent; undefined once it is. */
  readonly dueAtMs: number | undefined;
  /** Monotonic time at which it was asked for. */
  readonly askedAtMs: number;
}

export const admissionSlice = {
  /** Arrivals of members that commits have added, and of those that have left within their probation. */
  arrivals: map<MemberId, Arrival>(),
  /** References of key packages that commits have spent, oldest first. */
  spent: whole<readonly string[]>([]),
  /** Key packages whose commits this member has merged, oldest first. */
  admitted: list<Admitted>({ identity: ({ reference }) => reference }),
  /** Confirmations of the last minute, by key package and nonce. */
  confirmations: map<string, AskedConfirmation>({
    shifted: (asked, byMs) => ({
      ...asked,
      dueAtMs: asked.dueAtMs === undefined ? undefined : asked.dueAtMs + byMs,
      askedAtMs: asked.askedAtMs + byMs,
    }),
  }),
  welcomes: list<KeptWelcome>({
    identity: ({ welcome }) => welcome,
    shifted: (kept, byMs) => ({ ...kept, sentAtMs: kept.sentAtMs + byMs }),
  }),
};

/** Joiners that commits have added. */
export type Admission = SliceValue<typeof admissionSlice>;

export const syncSlice = {
  /**
   * Confirmation that this group is the one that this member meant; undefined if it joined by the name or the id alone.
   */
  assurance: whole<GroupAssurance | undefined>(undefined),
  /** The inviter that has confirmed it, or whose deputy has; undefined for a founder. */
  assuredBy: whole<MemberId | undefined>(undefined),
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
