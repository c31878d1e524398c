import { bytesValue, int64Value, uint64Value } from "./decodable.js";
import { int64, uint32, uint64 } from "./encodable.js";
import type { de_mls } from "./generated/messages.js";
import { type Proposal, proposalFromWire, proposalToWire } from "./proposal.js";

type ConversationSyncFields = de_mls.messages.v1.ConversationSync.$Properties;
type BanMemoryFields = de_mls.messages.v1.BanMemory.$Properties;
type NewcomersFields = de_mls.messages.v1.Newcomers.$Properties;
type InvitationStateFields = de_mls.messages.v1.InvitationState.$Properties;
type TimingConfigFields = de_mls.messages.v1.TimingConfig.$Properties;

/** Score of one member: `de_mls.messages.v1.PeerScore`. */
export interface PeerScore {
  /** Identity bytes. */
  readonly memberId: Uint8Array;
  /** 64 bits, signed. */
  readonly score: bigint;
}

/** A conversation's durations in milliseconds: `de_mls.messages.v1.TimingConfig`. */
export interface TimingConfig {
  /** Maximum wait of approved changes for a commit. */
  readonly commitInactivityDurationMs: bigint;
  /** Time to collect candidates before one is selected. */
  readonly freezeDurationMs: bigint;
  /** Lifetime of a proposal. */
  readonly proposalExpirationMs: bigint;
  /** Deadline of a vote, at which silence is counted. */
  readonly consensusTimeoutMs: bigint;
  /** Wait of a group in reelection before the next step. */
  readonly recoveryInactivityDurationMs: bigint;
}

/**
 * State that a joiner cannot learn from MLS: the stewards, the scores and the conversation's settings.
 * `de_mls.messages.v1.ConversationSync`.
 */
export interface ConversationSync {
  /** Identity bytes, in the order of the list. */
  readonly stewardMembers: readonly Uint8Array[];
  /** MLS epoch of the list's election. */
  readonly electionEpoch: bigint;
  /** Smallest size of a steward list; 32 bits. */
  readonly snMin: number;
  /** Largest size of a steward list; 32 bits. */
  readonly snMax: number;
  /** Whether a candidate may omit approved changes. */
  readonly allowSubsetCandidates: boolean;
  readonly peerScores: readonly PeerScore[];
  /** `undefined` if the message holds none. */
  readonly timing: TimingConfig | undefined;
  /** Election attempt that produced the list; 32 bits. */
  readonly retryRound: number;
  /** Number of elections that may fail before a Deadlock emergency; 32 bits. */
  readonly maxReelectionAttempts: number;
  /** Whether silence counts as yes. */
  readonly livenessCriteriaYes: boolean;
  /** Score at or below which a removal is proposed; 64 bits, signed. */
  readonly thresholdPeerScore: bigint;
  /** Number of epochs that a pending membership update may wait; 32 bits. */
  readonly pendingUpdateMaxEpochs: number;
  /** Approved and open proposals, in strict conversations only: de-mls 3.0.0 has no such fields. */
  readonly openProposals?: OpenProposals;
  /** References of key packages that earlier commits have spent; absent if there are none. In strict conversations only. */
  readonly spentKeyPackages?: readonly Uint8Array[];
  /** Whether any member may commit, after an accepted Deadlock; absent if not. In strict conversations only. */
  readonly recovery?: true;
  /** Banned members; absent in messages of 3.0.0. In strict conversations only. */
  readonly banMemory?: BanMemory;
  /** Invitations of members; absent if there are none, and in messages of 3.0.0. In strict conversations only. */
  readonly invitations?: readonly InvitationState[];
  /** Seed of the list's order, 32 bytes; absent if it follows from the conversation's name. In strict conversations only. */
  readonly stewardSeed?: Uint8Array;
  /** Members that have come in lately; absent in messages of 3.0.0. In strict conversations only. */
  readonly newcomers?: Newcomers;
}

/** Members that have come in lately, and the settings that bound them: `de_mls.messages.v1.Newcomers`. */
export interface Newcomers {
  /** Time for which a newcomer is on probation: milliseconds, 64 bits. */
  readonly probationMs: bigint;
  /** Number of settled members for each newcomer that one member may bring in; 32 bits. 0: no bound. */
  readonly guestShare: number;
  readonly arrivals: readonly StatedArrival[];
}

/** A member, and who let it in: `de_mls.messages.v1.Arrival`. */
export interface StatedArrival {
  /** Identity bytes. */
  readonly member: Uint8Array;
  /** Time of the commit that added it: seconds since the Unix epoch, 64 bits. */
  readonly since: bigint;
  /** Identity bytes of the member that answers for it. */
  readonly sponsor: Uint8Array;
  /** Whether it came with an invitation. */
  readonly invited: boolean;
  /** Whether votes by hand let it in. */
  readonly byHand: boolean;
  /** Whether most settled members have confirmed it. */
  readonly confirmed: boolean;
}

/** An invitation as its group remembers it: `de_mls.messages.v1.InvitationState`. */
export interface InvitationState {
  /** Identity bytes of the inviter. */
  readonly inviter: Uint8Array;
  /** Id of the invitation, 8 bytes. */
  readonly id: Uint8Array;
  /** Time at which it expires: seconds since the Unix epoch, 64 bits. 0: never. */
  readonly expiresAt: bigint;
  /** Number of members that commits have added by it; 32 bits. */
  readonly uses: number;
  readonly revoked: boolean;
  /** Key by which members answer the probes of its holder, 32 bytes; empty if it is unknown or revoked. */
  readonly memberKey: Uint8Array;
}

/** Banned members of a group: `de_mls.messages.v1.BanMemory`. */
export interface BanMemory {
  /** Time for which the group remembers a ban: milliseconds, 64 bits. */
  readonly memoryMs: bigint;
  readonly bans: readonly Ban[];
}

/** Ban of one member: `de_mls.messages.v1.Ban`. */
export interface Ban {
  /** Identity bytes. */
  readonly member: Uint8Array;
  /** MLS epoch that the removal began. */
  readonly epoch: bigint;
  /** Time at which it ends: seconds since the Unix epoch, 64 bits. */
  readonly until: bigint;
  /** Whether a member has lifted it. */
  readonly lifted: boolean;
}

/** Proposals that a joiner must know to derive the same next commit. */
export interface OpenProposals {
  /** Approved proposals that wait for a commit, in order of approval: id, payload and owner of each. */
  readonly approved: readonly Proposal[];
  /** Open proposals with the votes so far. */
  readonly open: readonly Proposal[];
}

/** Encodes the fields for generated code. @internal */
export function syncToWire(sync: ConversationSync): ConversationSyncFields {
  return {
    stewardMembers: [...sync.stewardMembers],
    electionEpoch: uint64(sync.electionEpoch, "sync.electionEpoch"),
    snMin: uint32(sync.snMin, "sync.snMin"),
    snMax: uint32(sync.snMax, "sync.snMax"),
    allowSubsetCandidates: sync.allowSubsetCandidates,
    peerScores: sync.peerScores.map(({ memberId, score }) => ({
      memberId,
      score: int64(score, "sync.peerScores.score"),
    })),
    timing: sync.timing === undefined ? null : timingToWire(sync.timing),
    retryRound: uint32(sync.retryRound, "sync.retryRound"),
    maxReelectionAttempts: uint32(sync.maxReelectionAttempts, "sync.maxReelectionAttempts"),
    livenessCriteriaYes: sync.livenessCriteriaYes,
    thresholdPeerScore: int64(sync.thresholdPeerScore, "sync.thresholdPeerScore"),
    pendingUpdateMaxEpochs: uint32(sync.pendingUpdateMaxEpochs, "sync.pendingUpdateMaxEpochs"),
    approvedChanges: (sync.openProposals?.approved ?? []).map(proposalToWire),
    openVotes: (sync.openProposals?.open ?? []).map(proposalToWire),
    spentKeyPackages: [...(sync.spentKeyPackages ?? [])],
    recovery: sync.recovery ?? false,
    banMemory: sync.banMemory === undefined ? null : banMemoryToWire(sync.banMemory),
    invitations: (sync.invitations ?? []).map(({ expiresAt, uses, ...rest }) => ({
      ...rest,
      expiresAt: uint64(expiresAt, "sync.invitations.expiresAt"),
      uses: uint32(uses, "sync.invitations.uses"),
    })),
    ...(sync.stewardSeed && { stewardSeed: sync.stewardSeed }),
    newcomers: sync.newcomers === undefined ? null : newcomersToWire(sync.newcomers),
  };
}

/** Decodes the fields from generated code. @internal */
export function syncFromWire(message: ConversationSyncFields): ConversationSync {
  return {
    stewardMembers: (message.stewardMembers ?? []).map(bytesValue),
    electionEpoch: uint64Value(message.electionEpoch),
    snMin: message.snMin ?? 0,
    snMax: message.snMax ?? 0,
    allowSubsetCandidates: message.allowSubsetCandidates ?? false,
    peerScores: (message.peerScores ?? []).map(({ memberId, score }) => ({
      memberId: bytesValue(memberId),
      score: int64Value(score),
    })),
    timing: message.timing ? timingFromWire(message.timing) : undefined,
    retryRound: message.retryRound ?? 0,
    maxReelectionAttempts: message.maxReelectionAttempts ?? 0,
    livenessCriteriaYes: message.livenessCriteriaYes ?? false,
    thresholdPeerScore: int64Value(message.thresholdPeerScore),
    pendingUpdateMaxEpochs: message.pendingUpdateMaxEpochs ?? 0,
    ...openProposalsFromWire(message),
    ...(message.spentKeyPackages?.length && {
      spentKeyPackages: message.spentKeyPackages.map(bytesValue),
    }),
    ...(message.recovery === true && { recovery: true }),
    ...(message.banMemory && { banMemory: banMemoryFromWire(message.banMemory) }),
    ...(message.invitations?.length && { invitations: message.invitations.map(invitationFromWire) }),
    ...(message.stewardSeed?.length && { stewardSeed: bytesValue(message.stewardSeed) }),
    ...(message.newcomers && { newcomers: newcomersFromWire(message.newcomers) }),
  };
}

function openProposalsFromWire({
  approvedChanges,
  openVotes,
}: ConversationSyncFields): Pick<ConversationSync, "openProposals"> {
  const approved = (approvedChanges ?? []).map(proposalFromWire);
  const open = (openVotes ?? []).map(proposalFromWire);
  return approved.length + open.length === 0 ? {} : { openProposals: { approved, open } };
}

function banMemoryToWire({ memoryMs, bans }: BanMemory): BanMemoryFields {
  return {
    memoryMs: uint64(memoryMs, "sync.banMemory.memoryMs"),
    bans: bans.map(({ member, epoch, until, lifted }) => ({
      member,
      epoch: uint64(epoch, "sync.banMemory.bans.epoch"),
      until: uint64(until, "sync.banMemory.bans.until"),
      lifted,
    })),
  };
}

function banMemoryFromWire({ memoryMs, bans }: BanMemoryFields): BanMemory {
  return {
    memoryMs: uint64Value(memoryMs),
    bans: (bans ?? []).map(({ member, epoch, until, lifted }) => ({
      member: bytesValue(member),
      epoch: uint64Value(epoch),
      until: uint64Value(until),
      lifted: lifted ?? false,
    })),
  };
}

function newcomersToWire({ probationMs, guestShare, arrivals }: Newcomers): NewcomersFields {
  return {
    probationMs: uint64(probationMs, "sync.newcomers.probationMs"),
    guestShare: uint32(guestShare, "sync.newcomers.guestShare"),
    arrivals: arrivals.map(({ since, ...rest }) => ({
      ...rest,
      since: uint64(since, "sync.newcomers.arrivals.since"),
    })),
  };
}

function newcomersFromWire({ probationMs, guestShare, arrivals }: NewcomersFields): Newcomers {
  return {
    probationMs: uint64Value(probationMs),
    guestShare: guestShare ?? 0,
    arrivals: (arrivals ?? []).map(({ member, since, sponsor, invited, byHand, confirmed }) => ({
      member: bytesValue(member),
      since: uint64Value(since),
      sponsor: bytesValue(sponsor),
      invited: invited ?? false,
      byHand: byHand ?? false,
      confirmed: confirmed ?? false,
    })),
  };
}

function invitationFromWire(message: InvitationStateFields): InvitationState {
  return {
    inviter: bytesValue(message.inviter),
    id: bytesValue(message.id),
    expiresAt: uint64Value(message.expiresAt),
    uses: message.uses ?? 0,
    revoked: message.revoked ?? false,
    memberKey: bytesValue(message.memberKey),
  };
}

function timingToWire(timing: TimingConfig): TimingConfigFields {
  const field = (name: keyof TimingConfig) => uint64(timing[name], `sync.timing.${name}`);
  return {
    commitInactivityDurationMs: field("commitInactivityDurationMs"),
    freezeDurationMs: field("freezeDurationMs"),
    proposalExpirationMs: field("proposalExpirationMs"),
    consensusTimeoutMs: field("consensusTimeoutMs"),
    recoveryInactivityDurationMs: field("recoveryInactivityDurationMs"),
  };
}

function timingFromWire(message: TimingConfigFields): TimingConfig {
  return {
    commitInactivityDurationMs: uint64Value(message.commitInactivityDurationMs),
    freezeDurationMs: uint64Value(message.freezeDurationMs),
    proposalExpirationMs: uint64Value(message.proposalExpirationMs),
    consensusTimeoutMs: uint64Value(message.consensusTimeoutMs),
    recoveryInactivityDurationMs: uint64Value(message.recoveryInactivityDurationMs),
  };
}
