import type { ScoreEvent } from "@demls/scoring";
import { bytesToHex, type MemberId, type Packet } from "@demls/wire/core";
import type { CompatibilityMode } from "../model/compatibility.js";
import type { TimerKind } from "../step/timer-kinds.js";
import { deadlines } from "../step/timers.js";
import type { Environment } from "../model/environment.js";
import { violationOf } from "../closing/index.js";
import { snapshotOf, type ConversationSnapshot, type MemberRole } from "./snapshot.js";
import type { EndReason, Phase } from "../model/phase.js";
import { isActive, type ConversationState } from "../model/state.js";
import { uncommittableChanges } from "../approved/index.js";
import type { Obstacle } from "../model/traced-decision.js";
import { type ActiveTransaction, beginTransaction, inGroup, type Transaction } from "../model/transaction.js";
import { rosterEntryOf } from "../model/roster.js";
import { membershipTarget, type ChangeRequest } from "../model/request.js";
import { outboxOf } from "../messages/outbox.js";
import { voteOf } from "../voting/open-votes.js";

/** Request without its key package or evidence. */
export interface InspectedRequest {
  readonly kind: ChangeRequest["kind"];
  /** Target of a membership change; otherwise `null`. */
  readonly target: MemberId | null;
}

/** Open vote. */
export interface InspectedVote extends InspectedRequest {
  readonly proposalId: number;
  readonly proposer: MemberId;
  readonly yes: number;
  readonly no: number;
  readonly expected: number;
  /** Whether this member has voted, signed or not yet. */
  readonly voted: boolean;
  /** Default vote; `null` if none will be cast. */
  readonly defaultVote: boolean | null;
}

/** Deadline of the conversation. */
export interface InspectedDeadline {
  readonly kind: TimerKind;
  /** Milliseconds from now; negative if overdue. */
  readonly inMs: number;
  /** Proposal of the deadline's vote, or `null`. */
  readonly proposalId: number | null;
}

/** Stored commit candidate. */
export interface InspectedCandidate {
  readonly steward: MemberId;
  /** First 8 hex digits. */
  readonly commitHash: string;
  readonly own: boolean;
  /** Number of proposals in the candidate. */
  readonly proposals: number;
  /** Rule violation that its sender would be scored for now; `null` if none. */
  readonly violation: ScoreEvent | null;
}

/** Epoch whose keys this member keeps, because other members may have closed it by another commit. */
export interface InspectedFork {
  readonly epoch: string;
  /** First 8 hex digits of the hash of the commit that this member merged. */
  readonly merged: string;
  /** Milliseconds since then. */
  readonly ageMs: number;
}

/** Size of a buffer. */
export interface InspectedBuffer {
  readonly count: number;
  readonly bytes: number;
}

/**
 * Redacted inspection of a conversation for logs and bug reports. It contains no keys, no chat, no whole key packages,
 * and only a prefix of the epoch authenticator.
 *
 * JSON-serialisable: 64-bit integers are decimal strings, missing values are `null`.
 */
export interface ConversationInspection {
  readonly name: string;
  /** MLS group id, or `null`. */
  readonly groupId: string | null;
  readonly self: MemberId;
  readonly mode: CompatibilityMode | null;
  readonly phase: Phase;
  readonly endReason: EndReason | null;
  readonly epoch: string | null;
  /** First 8 hex digits: equal at two members if they share the epoch's keys. */
  readonly authenticator: string | null;
  /** Whether this member needs no ConversationSync any more. */
  readonly synced: boolean;
  readonly recovery: boolean;
  readonly retryRound: number;
  readonly maxRetries: number;
  /** Whether this member's leave is requested and not proposed yet. */
  readonly leaveRequested: boolean;
  /** Member whose approved removal is urgent, or `null`. */
  readonly urgentTarget: MemberId | null;
  readonly members: readonly {
    readonly id: MemberId;
    readonly role: MemberRole;
    readonly score: string | null;
    /** Time at which the signature key of its leaf was made, in seconds since the Unix epoch, by its owner's clock. */
    readonly keySince: number | null;
  }[];
  readonly stewards: {
    readonly members: readonly MemberId[];
    readonly electionEpoch: string;
    readonly retryRound: number;
    readonly exhausted: boolean;
  } | null;
  /** Soonest first. */
  readonly deadlines: readonly InspectedDeadline[];
  readonly openVotes: readonly InspectedVote[];
  readonly approved: readonly (InspectedRequest & { readonly proposalId: number })[];
  readonly pendingUpdates: readonly InspectedRequest[];
  readonly pendingLeaves: readonly MemberId[];
  /** Number of stewards that can commit, number of candidates received, and the stored candidates. */
  readonly freeze: ConversationSnapshot["freeze"];
  readonly candidates: readonly InspectedCandidate[];
  /**
   * Age of this member's HPKE keys in milliseconds, since its join or their renewal: a copy of its state that is not older
   * can follow the group. `null` in a `de-mls-3` conversation.
   */
  readonly keyAgeMs: number | null;
  /** Oldest first: a thief of the device can read what was written since the first of them. */
  readonly forks: readonly InspectedFork[];
  /** Approved changes that no commit can carry out, with reasons. */
  readonly uncommittableChanges: readonly Obstacle[];
  readonly buffers: {
    /** Packets to publish. */
    readonly outbox: InspectedBuffer;
    /** Packets of later epochs. */
    readonly bufferedPackets: InspectedBuffer;
    /** Votes received before their proposal; bytes of their signatures. */
    readonly bufferedVotes: InspectedBuffer;
    /** Chat queued during a freeze. */
    readonly queuedMessages: InspectedBuffer;
    /** Sent chat kept for another branch. */
    readonly sentMessages: InspectedBuffer;
    /** Membership changes to propose; bytes of their key packages. */
    readonly pendingUpdates: InspectedBuffer;
    /** Votes that wait for their signature. */
    readonly signatures: InspectedBuffer;
    /** Packets kept for other members. */
    readonly loggedPackets: InspectedBuffer;
  };
}

const PREFIX_DIGITS = 8;

/** An inspection of a state, at the environment's time. */
export function inspect(state: ConversationState, env: Environment): ConversationInspection {
  const tx: Transaction = beginTransaction(state, env);
  const active = isActive(state) ? state : undefined;
  const snapshot = snapshotOf(state, env);
  const { name, groupId, self, mode, phase, recovery, retryRound, maxRetries, pendingLeaves, freeze } =
    snapshot;
  const { epoch, epochAuthenticator, stewards } = snapshot;
  return {
    name,
    groupId: groupId ?? null,
    self,
    mode: mode ?? null,
    phase,
    endReason: state.phase === "ended" ? state.endReason : null,
    epoch: decimal(epoch),
    authenticator: epochAuthenticator?.slice(0, PREFIX_DIGITS) ?? null,
    synced: active?.sync.synced ?? false,
    recovery,
    retryRound,
    maxRetries,
    leaveRequested: active?.leave.requested ?? false,
    urgentTarget: active?.changes.urgentTarget ?? null,
    members: snapshot.members.map(({ id, role, score }) => ({
      ...{ id, role, score: decimal(score) },
      keySince: (active && rosterEntryOf(active.group, id)?.keySince) ?? null,
    })),
    stewards: stewards ? { ...stewards, electionEpoch: String(stewards.electionEpoch) } : null,
    deadlines: inspectDeadlines(tx),
    openVotes: inspectVotes(tx, snapshot),
    approved: snapshot.approved.map(({ proposalId, request }) => ({
      proposalId,
      ...inspectRequest(request),
    })),
    pendingUpdates: snapshot.pendingUpdates.map(inspectRequest),
    pendingLeaves,
    freeze,
    candidates: inGroup(tx) ? inspectCandidates(tx) : [],
    keyAgeMs: active?.keys.renewedAtMs === undefined ? null : env.nowMs - active.keys.renewedAtMs,
    forks: [...(active?.branches.forks ?? [])].map(([of, { merged, atMs }]) => ({
      epoch: String(of),
      merged: merged.slice(0, PREFIX_DIGITS),
      ageMs: env.nowMs - atMs,
    })),
    uncommittableChanges: active ? uncommittableChanges(active) : [],
    buffers: inspectBuffers(state),
  };
}

function decimal(value: bigint | undefined): string | null {
  return value === undefined ? null : String(value);
}

function inspectRequest(request: ChangeRequest): InspectedRequest {
  return { kind: request.kind, target: membershipTarget(request) ?? null };
}

function inspectDeadlines(tx: Transaction): readonly InspectedDeadline[] {
  return deadlines(tx)
    .map(({ kind, atMs, proposalId }) => ({
      kind,
      inMs: atMs - tx.env.nowMs,
      proposalId: proposalId ?? null,
    }))
    .sort((a, b) => a.inMs - b.inMs);
}

function inspectVotes(tx: Transaction, { openVotes }: ConversationSnapshot): readonly InspectedVote[] {
  return openVotes.map(({ proposalId, proposer, request, yes, no, expected, voted }) => ({
    ...{ proposalId, proposer, ...inspectRequest(request), yes, no, expected, voted },
    defaultVote: (inGroup(tx) ? voteOf(tx, proposalId)?.defaultVote?.vote : undefined) ?? null,
  }));
}

function inspectCandidates(tx: ActiveTransaction): readonly InspectedCandidate[] {
  return [...tx.state.commit.candidates.values()].map((candidate) => ({
    steward: candidate.steward,
    commitHash: bytesToHex(candidate.commitHash).slice(0, PREFIX_DIGITS),
    own: candidate.own,
    proposals: candidate.proposalCount,
    violation: violationOf(tx, candidate) ?? null,
  }));
}

function inspectBuffers(state: ConversationState): ConversationInspection["buffers"] {
  const packetBytes = ({ packet }: { readonly packet: Packet }): number => packet.payload.length;
  const active = isActive(state) ? state : undefined;
  const votes = [...(active?.votes.open.values() ?? [])];
  return {
    outbox: bufferOf(outboxOf(state), packetBytes),
    bufferedPackets: bufferOf(state.phase === "ended" ? [] : state.inbound.buffered, packetBytes),
    bufferedVotes: bufferOf(active?.votes.bufferedVotes ?? [], ({ vote }) => vote.signature.length),
    queuedMessages: bufferOf(active?.chat.queued ?? [], ({ content }) => content.length),
    sentMessages: bufferOf(active?.chat.sent ?? [], ({ content }) => content.length),
    pendingUpdates: bufferOf([...(active?.changes.pending.values() ?? [])], ({ request }) =>
      request.kind === "add" ? request.keyPackage.length : 0,
    ),
    signatures: bufferOf(
      votes.flatMap(({ signature }) => signature ?? []),
      ({ message }) => message.length,
    ),
    loggedPackets: bufferOf(active?.repair.log ?? [], ({ payload }) => payload.length),
  };
}

function bufferOf<T>(items: readonly T[], bytesOf: (item: T) => number): InspectedBuffer {
  return { count: items.length, bytes: items.reduce((sum, item) => sum + bytesOf(item), 0) };
}
