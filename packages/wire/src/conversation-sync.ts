import { bytesValue, int64Value, uint64Value } from "./decodable.js";
import { int64, uint32, uint64 } from "./encodable.js";
import type { de_mls } from "./generated/messages.js";
import { type Proposal, proposalFromWire, proposalToWire } from "./proposal.js";

type ConversationSyncFields = de_mls.messages.v1.ConversationSync.$Properties;
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
