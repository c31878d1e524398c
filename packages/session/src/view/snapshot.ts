import type { StewardListConfig } from "@demls/steward";
import { bytesToHex, type MemberId } from "@demls/wire/core";
import { claimedNameOf } from "../model/claimed-name.js";
import { compatibilityPolicy, type CompatibilityMode } from "../model/compatibility.js";
import type { ConversationConfig } from "../model/config.js";
import type { Environment } from "../model/environment.js";
import { candidateProgress } from "../closing/index.js";
import { isVerified } from "../identity/verified-members.js";
import { equivocatedIn } from "../model/evidence.js";
import type { Phase } from "../model/phase.js";
import type { ChangeRequest } from "../model/request.js";
import { isActive, type Active, type ConversationState } from "../model/state.js";
import {
  type ActiveTransaction,
  beginTransaction,
  eligibleStewards,
  inGroup,
  type Transaction,
} from "../model/transaction.js";
import { outboxOf } from "../messages/outbox.js";
import { jsonReady, type JsonReady } from "./json.js";
import {
  arrivalSnapshot,
  banSnapshots,
  invitationSnapshots,
  requestSnapshots,
  type ArrivalSnapshot,
  type BanSnapshot,
  type InvitationSnapshot,
  type RequestSnapshot,
} from "./people-snapshots.js";
import { sentSnapshots, type SentSnapshot } from "./sent-snapshots.js";
import {
  proposalSnapshots,
  voteSnapshots,
  type ProposalSnapshot,
  type VoteSnapshot,
} from "./vote-snapshots.js";
import { HEARD_PRECISION_MS, isAbsent } from "../presence/index.js";
import { pendingLeaves } from "../model/leaves.js";
import { standingOf } from "../standing/index.js";

/** Role of a member in the current epoch. */
export type MemberRole = "epoch-steward" | "backup-steward" | "steward" | "member";

/** Member with its role and score. */
export interface MemberSnapshot extends JsonReady {
  readonly id: MemberId;
  /**
   * Name that the member claims, at most 64 bytes of UTF-8 without control characters. Not verified: members can claim the
   * same one, so show it beside the id. In a strict conversation that of its leaf; in `de-mls-3` that of its last message.
   * Undefined if it claims none.
   */
  readonly claimedName: string | undefined;
  /**
   * Whether the member has proved that it holds the key of its identity. Always in a strict conversation, and never in
   * `de-mls-3`: there a member can use the identity of another, so show it as a claim.
   */
  readonly identityProved: boolean;
  /** Whether this user has marked the member as verified: see `markVerified`. Never in a `de-mls-3` conversation. */
  readonly verified: boolean;
  readonly role: MemberRole;
  /** Undefined until the member is scored. */
  readonly score: bigint | undefined;
  /**
   * Time at which this user last heard the member, rounded down to a quarter of an hour: milliseconds since the Unix epoch.
   * Undefined for the user itself, for one that was not heard yet, and in a `de-mls-3` conversation.
   */
  readonly lastSeenWallMs: number | undefined;
  /**
   * Whether the member made no choice in the last three epochs and was not heard since, in a strict conversation. It is
   * not elected steward.
   */
  readonly absent: boolean;
  /**
   * Latest epoch in which the member has signed choices of two commits, as this user can prove; undefined without one. Never
   * in a `de-mls-3` conversation.
   */
  readonly equivocatedIn: bigint | undefined;
  /** Arrival of the member. Undefined for the founder, in `de-mls-3`, and where this user does not know it. */
  readonly arrival: ArrivalSnapshot | undefined;
}

/** Current steward list. */
export interface StewardListSnapshot extends JsonReady {
  /** In the order of their turns. */
  readonly members: readonly MemberId[];
  readonly electionEpoch: bigint;
  /** Retry round in the list's seed. */
  readonly retryRound: number;
  /** Whether all epochs of the list are over, so that an election is due. */
  readonly exhausted: boolean;
}

/**
 * Snapshot of a conversation: plain data without secrets, accepted by `JSON.stringify`. A copy by spread lacks
 * `toJSON`.
 */
export interface ConversationSnapshot extends JsonReady {
  readonly name: string;
  /**
   * MLS group id, lower-case hex, for the `groupId` of joiners; undefined outside the group. In a strict conversation it
   * is random and tells groups of one name apart. In `de-mls-3` it is the name in UTF-8.
   */
  readonly groupId: string | undefined;
  /**
   * Whether this user has joined a group that no one whom it trusts has confirmed: it asked by the name or the id, which anyone
   * can copy, and not by an invitation of a strict conversation. Find out who the members are before you write.
   */
  readonly unconfirmed: boolean;
  readonly self: MemberId;
  /** Mode of the group; undefined outside the group. */
  readonly mode: CompatibilityMode | undefined;
  readonly phase: Phase;
  readonly config: ConversationConfig;
  /** MLS epoch; undefined outside the group. */
  readonly epoch: bigint | undefined;
  /** Hex. Equal at two members only if they share the epoch's keys (RFC 9420, section 8.7). */
  readonly epochAuthenticator: string | undefined;
  /** In leaf order. */
  readonly members: readonly MemberSnapshot[];
  /** Banned members, the one whose ban ends last first. Empty in a `de-mls-3` conversation. */
  readonly bans: readonly BanSnapshot[];
  /** Undefined until a list is known. */
  readonly stewards: StewardListSnapshot | undefined;
  /** Bounds of the steward list size, and whether commits may omit approved changes. */
  readonly stewardBounds: StewardListConfig;
  /** Number of elections rejected since the last commit. */
  readonly retryRound: number;
  /** Maximum number of retries before a Deadlock emergency. */
  readonly maxRetries: number;
  /** Whether any member may commit. */
  readonly recovery: boolean;
  readonly openVotes: readonly VoteSnapshot[];
  /** Open and recently decided proposals, in order of arrival. */
  readonly proposals: readonly ProposalSnapshot[];
  /** Approved changes that are not committed yet, in approval order. */
  readonly approved: readonly { readonly proposalId: number; readonly request: ChangeRequest }[];
  /** Joiners that wait until a member admits them, first come first; a strict conversation only. */
  readonly requests: readonly RequestSnapshot[];
  /** Invitations that have not expired, by members; the one that expires last first. Empty in a `de-mls-3` conversation. */
  readonly invitations: readonly InvitationSnapshot[];
  /** Requested changes that are not approved yet. */
  readonly pendingUpdates: readonly ChangeRequest[];
  /** Members with an approved leave. */
  readonly pendingLeaves: readonly MemberId[];
  /** Number of stewards that can commit, and number of candidates received. */
  readonly freeze: { readonly received: number; readonly expected: number };
  /** Number of buffered packets of later epochs, and number of packets to publish. */
  readonly buffered: number;
  readonly pendingOutbound: number;
  /**
   * Whether this member catches up with the others after a start, a pause or missed commits, for 15 seconds at most if none
   * answers. Until then it encrypts nothing: its chat is queued, its votes wait. After a start or a pause, chat waits on until a
   * member answers.
   */
  readonly catchingUp: boolean;
  /** Number of chat messages that wait, see {@link Conversation.send}. */
  readonly queuedMessages: number;
  /**
   * This user's last chat messages, oldest first: those that no other member has yet, as far as it knows, and most since the last
   * commit. Always empty in a `de-mls-3` conversation.
   */
  readonly sentMessages: readonly SentSnapshot[];
}

/** Creates the snapshot of a state. Uses this member's id, the plug-ins and the clocks of the environment. */
export function snapshotOf(state: ConversationState, env: Environment): ConversationSnapshot {
  const tx: Transaction = beginTransaction(state, env);
  const { stewards, scoring } = env.plugins;
  const active = isActive(state) ? state : undefined;
  const group = active?.group;
  const settings = state.stewards.list;
  const list = stewards.currentList(settings);
  const epoch = group?.epoch;
  return jsonReady({
    name: state.name,
    groupId: group?.groupId,
    unconfirmed: active !== undefined && active.sync.assurance === undefined,
    self: env.self,
    mode: active?.mode,
    phase: state.phase,
    config: state.config,
    epoch,
    epochAuthenticator: group && bytesToHex(group.epochAuthenticator),
    members: (group?.members ?? []).map((id) =>
      jsonReady({
        id,
        claimedName: active && claimedNameOf(active, id),
        identityProved: active !== undefined && compatibilityPolicy(active.mode).provesIdentities,
        verified: active !== undefined && isVerified(active, id),
        role: inGroup(tx) ? roleOf(tx, id) : "member",
        score: scoring.scoreFor(state.scores.values, id),
        lastSeenWallMs: active && lastSeenWallMs(active, env, id),
        absent: inGroup(tx) && isAbsent(tx, id),
        equivocatedIn: active && equivocatedIn(active.evidence, id),
        arrival: inGroup(tx) ? arrivalSnapshot(tx, id) : undefined,
      }),
    ),
    bans: inGroup(tx) ? banSnapshots(tx) : [],
    stewards:
      list &&
      jsonReady({
        members: list.members,
        electionEpoch: list.electionEpoch,
        retryRound: list.retryRound,
        exhausted: epoch !== undefined && stewards.isExhausted(settings, epoch),
      }),
    stewardBounds: stewards.config(settings),
    retryRound: stewards.retryRound(settings),
    maxRetries: stewards.maxRetries(settings),
    recovery: state.stewards.recovery,
    openVotes: inGroup(tx) ? voteSnapshots(tx) : [],
    proposals: inGroup(tx) ? proposalSnapshots(tx) : [],
    approved: (active?.changes.approved ?? []).map(({ proposalId, request }) => ({ proposalId, request })),
    requests: inGroup(tx) ? requestSnapshots(tx) : [],
    invitations: inGroup(tx) ? invitationSnapshots(tx) : [],
    pendingUpdates: [...(active?.changes.pending.values() ?? [])].map(({ request }) => request),
    pendingLeaves: active ? pendingLeaves(active.changes.approved, active.group.members) : [],
    freeze: inGroup(tx) ? candidateProgress(tx) : { received: 0, expected: 0 },
    buffered: bufferedIn(state),
    pendingOutbound: outboxOf(state).length,
    catchingUp: inGroup(tx) && standingOf(tx) === "catchingUp",
    queuedMessages: active?.chat.queued.length ?? 0,
    sentMessages: inGroup(tx) ? sentSnapshots(tx) : [],
  });
}

function lastSeenWallMs({ presence }: Active, env: Environment, member: MemberId): number | undefined {
  const atMs = presence.heardAt.get(member);
  if (atMs === undefined) return undefined;
  const wallMs = env.nowWallMs - (env.nowMs - atMs);
  return Math.floor(wallMs / HEARD_PRECISION_MS) * HEARD_PRECISION_MS;
}

function bufferedIn(state: ConversationState): number {
  if (state.phase === "ended") return 0;
  return state.inbound.buffered.length + (isActive(state) ? state.votes.bufferedVotes.length : 0);
}

function roleOf(tx: ActiveTransaction, member: MemberId): MemberRole {
  const { state, env } = tx;
  const { stewards } = env.plugins;
  const { list } = state.stewards;
  if (!stewards.isSteward(list, member)) return "member";
  const eligible = eligibleStewards(tx);
  const { epochSteward, backup } = stewards.epochAndBackup(list, state.group.epoch, eligible);
  if (member === epochSteward) return "epoch-steward";
  return member === backup ? "backup-steward" : "steward";
}
