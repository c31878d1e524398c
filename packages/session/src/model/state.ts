import type { MlsGroup, StagedCommit } from "@demls/mls";
import type { ConversationSync, ConversationUpdateRequest, Proposal, Vote } from "@demls/wire";
import type { MemberId, Packet } from "@demls/wire/core";
import type { CompatibilityMode } from "./compatibility.js";
import type { ConversationConfig } from "./config.js";
import type { EndReason } from "./event.js";
import type { ObservedProposal } from "../voting/observed-proposals.js";

/**
 * Where a conversation stands.
 *
 * `pending-join` → `working` → `freezing` → `selection` → `working`, or → `reelection` → `working`.
 * `selection` begins and ends within one step, so it is seen as an event, never as a state at rest.
 * `ended` is final.
 */
export type Phase = "pending-join" | "working" | "freezing" | "selection" | "reelection" | "ended";

/** A proposal that was voted in and waits for a commit. */
export interface ApprovedProposal {
  readonly proposalId: number;
  readonly request: ConversationUpdateRequest;
  /** Whose proposal it was: a removal of oneself by oneself is a leave, whatever its id. */
  readonly proposer: MemberId;
}

/** A membership change that was seen but has not been committed; any later steward can take it up. */
export interface PendingUpdate {
  readonly request: ConversationUpdateRequest;
  readonly firstSeenEpoch: bigint;
  /** Monotonic. */
  readonly firstSeenMs: number;
}

/** The vote that will be cast for this member if its hand does not. */
export interface DefaultVoteTimer {
  readonly atMs: number;
  readonly vote: boolean;
}

/**
 * A commit candidate whose MLS sender has been authenticated. One is held for each sender: of
 * several the one with the smaller hash stays, so that all members keep the same.
 */
export interface HeldCandidate {
  /** The member that MLS says sent it. */
  readonly steward: MemberId;
  /** SHA-256 of the commit message. */
  readonly commitHash: Uint8Array;
  /** How many distinct proposals are bundled with it; what it carries out besides is not counted, as in 3.0.0. */
  readonly proposalCount: number;
  readonly own: boolean;
  /** The sequence number under which one's own went into the outbox; absent on others'. */
  readonly sequence: number | undefined;
  /** What it would do. */
  readonly staged: StagedCommit;
  /** Whether every proposal it carries out is its sender's own; only such a commit can win. */
  readonly ownWork: boolean;
  /** The proposals that were approved here when it came. */
  readonly approvedThen: readonly number[];
  /** The welcome for those it adds; only on one's own. */
  readonly welcome: Uint8Array | undefined;
}

/** What a signature that was asked for will be used for. */
export type SigningPurpose =
  /** One's own vote on an open proposal. */
  | { readonly kind: "vote" }
  /** One's own yes, sent along with the proposal. */
  | {
      readonly kind: "bundledYes";
      /** The epoch the proposal was opened in, and is given up with. */
      readonly epoch: bigint;
    };

/** A signature that was asked for and has not come yet. */
export interface PendingSignature {
  readonly requestId: number;
  /** The vote, all but its signature. */
  readonly vote: Vote;
  readonly message: Uint8Array;
  readonly purpose: SigningPurpose;
}

/** A packet that waits to be published. */
export interface OutboxEntry {
  readonly sequence: number;
  readonly packet: Packet;
  /** The own proposal that it puts to the vote, if it does: nobody else knows of it before it is out. */
  readonly proposalId: number | undefined;
  /** How often publishing it has failed. */
  readonly attempts: number;
  /** Monotonic time before which it is not tried again. */
  readonly notBeforeMs: number;
}

/** A chat message that came while the group was freezing; sealed once it works again. */
export interface QueuedMessage {
  readonly ticket: number;
  readonly content: Uint8Array;
}

/** A packet that cannot be used yet. */
export interface BufferedPacket {
  readonly packet: Packet;
  /** The epoch that its header claims. Nobody has vouched for it. */
  readonly epoch: bigint;
  readonly receivedMs: number;
}

/** A proposal that waits until it is known who votes on it. */
export interface BufferedProposal {
  readonly proposal: Proposal;
  readonly sender: MemberId;
}

/** A vote that arrived before its proposal, already known to be its MLS sender's. */
export interface BufferedVote {
  readonly vote: Vote;
  readonly sender: MemberId;
}

/**
 * A conversation as one member holds it: a value. Every step makes a new one and leaves this as it is.
 *
 * What the plug-ins keep (`consensus`, `stewards`, `scores`) is theirs and opaque here.
 */
export interface ConversationState {
  readonly name: string;
  readonly mode: CompatibilityMode;
  readonly config: ConversationConfig;
  readonly phase: Phase;
  /**
   * Monotonic start of what the phase waits for: the join, the inactivity, the freeze; in `reelection` a better
   * candidate than the one that came after the freeze.
   */
  readonly phaseAnchorMs: number | undefined;
  readonly endReason: EndReason | undefined;

  /** Absent while the join is pending. */
  readonly group: MlsGroup | undefined;
  readonly consensus: unknown;
  readonly stewards: unknown;
  readonly scores: unknown;
  /** Who was in the group in the epoch before, where its votes still count; else empty. */
  readonly pastMembers: readonly MemberId[];
  /** Monotonic time at which this member entered the epoch that the group is in. */
  readonly epochEnteredMs: number;
  /** Whether a ConversationSync has been applied, or none is needed since this member created the group. */
  readonly synced: boolean;
  /** The member whose commit let this one in, by the welcome; absent for the creator. */
  readonly admittedBy: MemberId | undefined;
  /** The ConversationSync that was applied, where it was not `admittedBy`'s: that one's still replaces it. */
  readonly provisionalSync: ConversationSync | undefined;

  /** Any member may commit, after an accepted Deadlock emergency and until the next election. */
  readonly recovery: boolean;
  /** In approval order. */
  readonly approved: readonly ApprovedProposal[];
  /** Own proposals that are being voted on. */
  readonly ownProposals: ReadonlyMap<number, ConversationUpdateRequest>;
  /** Who votes on each proposal that is remembered. */
  readonly electorates: ReadonlyMap<number, readonly MemberId[]>;
  /** Emergencies being voted on; while there is one, lesser proposals wait. */
  readonly activeEmergencies: ReadonlySet<number>;
  /** Open elections of lists that this member derived itself when their votes were opened (rogue-elections.ts). */
  readonly expectedElections: ReadonlySet<number>;
  /** Members against whom a score removal is being voted on. */
  readonly scoreRemovals: ReadonlySet<MemberId>;
  /** Members whose score removal was refused, with the score that each had here at that time. */
  readonly rejectedRemovals: ReadonlyMap<MemberId, bigint>;
  readonly pendingUpdates: ReadonlyMap<MemberId, PendingUpdate>;
  /** Proposals whose result has been applied, oldest first. */
  readonly resolved: readonly number[];
  /** By id, oldest first; kept for commits that do what is not approved here. Empty in a strict conversation. */
  readonly observedProposals: ReadonlyMap<number, ObservedProposal>;
  /** The member whose removal the next commit is restricted to. */
  readonly urgentTarget: MemberId | undefined;
  /** Hashes of merged commits, oldest first. */
  readonly committed: readonly string[];
  readonly candidates: ReadonlyMap<MemberId, HeldCandidate>;

  readonly defaultVotes: ReadonlyMap<number, DefaultVoteTimer>;
  /** Monotonic deadlines of open votes. */
  readonly voteDeadlines: ReadonlyMap<number, number>;
  /** Votes that were settled at their deadline here, and the monotonic time until which others may have them open. */
  readonly settlingElsewhereMs: ReadonlyMap<number, number>;
  readonly signatures: ReadonlyMap<number, PendingSignature>;
  readonly nextRequestId: number;
  /** This member asked to leave; the leave is proposed once the phase allows it. */
  readonly leaveRequested: boolean;
  /** Monotonic time at which this member, whose leave is approved, goes without the commit if the group is in reelection. */
  readonly leaveDueMs: number | undefined;

  /** Monotonic time before which nothing of the new epoch is published. */
  readonly quietUntilMs: number;
  /** Monotonic time since which an election has been due that nobody proposes; absent while none is. */
  readonly electionDueSinceMs: number | undefined;
  /** Monotonic time at which the votes that this epoch calls for are opened; absent once they are. */
  readonly epochVotesDueMs: number | undefined;
  readonly outbox: readonly OutboxEntry[];
  readonly nextSequence: number;
  readonly queuedMessages: readonly QueuedMessage[];
  readonly bufferedPackets: readonly BufferedPacket[];
  readonly bufferedVotes: readonly BufferedVote[];
  readonly bufferedProposals: readonly BufferedProposal[];
  /** The nearest later epoch of which it has been said, in this one, that packets of it arrive. */
  readonly gapReported: bigint | undefined;
  /** Whether it has been said in this epoch that others may have parted from this member. */
  readonly divergenceReported: boolean;
}

/** What a conversation starts from. */
export interface ConversationSeed {
  readonly name: string;
  readonly mode: CompatibilityMode;
  readonly config: ConversationConfig;
  readonly phase: "working" | "pending-join";
  readonly phaseAnchorMs: number | undefined;
  readonly group: MlsGroup | undefined;
  readonly consensus: unknown;
  readonly stewards: unknown;
  readonly scores: unknown;
}

/** The state of a conversation that has just been created or asked to join. */
export function initialState(seed: ConversationSeed): ConversationState {
  return {
    ...seed,
    endReason: undefined,
    pastMembers: [],
    epochEnteredMs: 0,
    synced: seed.phase === "working",
    admittedBy: undefined,
    provisionalSync: undefined,
    recovery: false,
    approved: [],
    ownProposals: new Map(),
    electorates: new Map(),
    activeEmergencies: new Set(),
    expectedElections: new Set(),
    scoreRemovals: new Set(),
    rejectedRemovals: new Map(),
    pendingUpdates: new Map(),
    resolved: [],
    observedProposals: new Map(),
    urgentTarget: undefined,
    committed: [],
    candidates: new Map(),
    defaultVotes: new Map(),
    voteDeadlines: new Map(),
    settlingElsewhereMs: new Map(),
    signatures: new Map(),
    nextRequestId: 1,
    leaveRequested: false,
    leaveDueMs: undefined,
    quietUntilMs: 0,
    electionDueSinceMs: undefined,
    epochVotesDueMs: undefined,
    outbox: [],
    nextSequence: 1,
    queuedMessages: [],
    bufferedPackets: [],
    bufferedVotes: [],
    bufferedProposals: [],
    gapReported: undefined,
    divergenceReported: false,
  };
}
