import type { StewardListConfig } from "@demls/steward";
import { bytesToHex, memberIdFromBytes, type MemberId } from "@demls/wire/core";
import type { CompatibilityMode } from "../model/compatibility.js";
import type { ConversationConfig } from "../model/config.js";
import type { Environment } from "../model/environment.js";
import { candidateProgress } from "../freeze/candidates.js";
import { toldDeadline } from "../model/deadline.js";
import { pendingLeaves } from "../voting/self-leave.js";
import type { DecisionResult, Phase } from "../model/phase.js";
import type { ChangeRequest } from "../model/request.js";
import { isActive, type ConversationState } from "../model/state.js";
import { eligibleStewards, inGroup, type ActiveTransaction, type Transaction } from "../model/transaction.js";
import type { OpenVote } from "../model/votes.js";
import { outboxOf } from "../messages/outbox.js";
import { openVotes } from "../voting/open-votes.js";
import { jsonReady, type JsonReady } from "./json.js";

/** What a member does in the current epoch. */
export type MemberRole = "epoch-steward" | "backup-steward" | "steward" | "member";

/** A member, what it does and how it stands. */
export interface MemberSnapshot extends JsonReady {
  readonly id: MemberId;
  readonly role: MemberRole;
  /** Absent until the member is scored. */
  readonly score: bigint | undefined;
}

/** A vote that is open. */
export interface VoteSnapshot extends JsonReady {
  readonly proposalId: number;
  readonly proposer: MemberId;
  readonly request: ChangeRequest;
  readonly yes: number;
  readonly no: number;
  /** How many may vote. */
  readonly expected: number;
  /** Whether this member's vote is cast, or waits for its signature. */
  readonly voted: boolean;
  /**
   * When this member's vote is cast for it; where it has voted, when the vote is decided by the votes there are.
   * Milliseconds since the Unix epoch, as the wall clock stands; absent where nothing is due.
   */
  readonly deadlineWallMs: number | undefined;
  /** The same on the user's monotonic clock, by which it is kept. */
  readonly deadlineMonotonicMs: number | undefined;
}

/** A proposal that is remembered, whether it is being voted on or decided. */
export interface ProposalSnapshot extends JsonReady {
  readonly proposalId: number;
  readonly proposer: MemberId;
  readonly request: ChangeRequest;
  /** `active` while votes are counted; otherwise the result. */
  readonly state: "active" | DecisionResult;
  readonly yes: number;
  readonly no: number;
}

/** The steward list that is in force. */
export interface StewardListSnapshot extends JsonReady {
  /** In the order of their turns. */
  readonly members: readonly MemberId[];
  readonly electionEpoch: bigint;
  /** The seed the list was drawn with. */
  readonly retryRound: number;
  /** Whether every steward has had its turn, so that an election is due. */
  readonly exhausted: boolean;
}

/**
 * A conversation as one member sees it now: plain data without secrets, to look at and to show. `JSON.stringify` takes
 * it; a copy by spread is plain data without `toJSON`.
 */
export interface ConversationSnapshot extends JsonReady {
  readonly name: string;
  readonly self: MemberId;
  /** The group's; absent while not in it. */
  readonly mode: CompatibilityMode | undefined;
  readonly phase: Phase;
  readonly config: ConversationConfig;
  /** MLS epoch; absent while not in the group. */
  readonly epoch: bigint | undefined;
  /** Hex. Equal at two members exactly when they share the epoch's keys (RFC 9420 § 8.7). */
  readonly epochAuthenticator: string | undefined;
  /** In leaf order. */
  readonly members: readonly MemberSnapshot[];
  /** Absent until a list is known. */
  readonly stewards: StewardListSnapshot | undefined;
  /** How many stewards a list may have, and whether a commit may leave approved changes out. */
  readonly stewardBounds: StewardListConfig;
  /** Elections rejected since the last commit. */
  readonly retryRound: number;
  /** How many may be, before a Deadlock emergency. */
  readonly maxRetries: number;
  /** Whether any member may commit. */
  readonly recovery: boolean;
  readonly openVotes: readonly VoteSnapshot[];
  /** Open and decided, in the order they came; only the latest are remembered. */
  readonly proposals: readonly ProposalSnapshot[];
  /** Voted in, waiting for a commit, in that order. */
  readonly approved: readonly { readonly proposalId: number; readonly request: ChangeRequest }[];
  /** Asked for, not voted in yet. */
  readonly pendingUpdates: readonly ChangeRequest[];
  /** Members whose own leave waits for a commit. */
  readonly pendingLeaves: readonly MemberId[];
  /** How many of the stewards that can commit have sent a candidate. */
  readonly freeze: { readonly received: number; readonly expected: number };
  /** Packets that wait for their epoch, and for the network. */
  readonly buffered: number;
  readonly pendingOutbound: number;
  /** Chat messages that wait for the next epoch. */
  readonly queuedMessages: number;
}

/** The snapshot of a state. Needs of the environment who is asking, the plug-ins and the clocks; no keys. */
export function snapshotOf(state: ConversationState, env: Environment): ConversationSnapshot {
  const tx: Transaction = { state, env, effects: [] };
  const { stewards, scoring } = env.plugins;
  const active = isActive(state) ? state : undefined;
  const group = active?.group;
  const settings = state.stewards.list;
  const list = stewards.currentList(settings);
  const epoch = group?.epoch;
  return jsonReady({
    name: state.name,
    self: env.self,
    mode: active?.mode,
    phase: state.phase,
    config: state.config,
    epoch,
    epochAuthenticator: group && bytesToHex(group.epochAuthenticator),
    members: (group?.members ?? []).map((id) =>
      jsonReady({
        id,
        role: inGroup(tx) ? roleOf(tx, id) : "member",
        score: scoring.scoreFor(state.scores.values, id),
      }),
    ),
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
    pendingUpdates: [...(active?.changes.pending.values() ?? [])].map(({ request }) => request),
    pendingLeaves: active ? pendingLeaves(active.changes.approved, active.group.members) : [],
    freeze: inGroup(tx) ? candidateProgress(tx) : { received: 0, expected: 0 },
    buffered: bufferedIn(state),
    pendingOutbound: outboxOf(state).length,
    queuedMessages: active?.chat.queued.length ?? 0,
  });
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

function voteSnapshots(tx: ActiveTransaction): readonly VoteSnapshot[] {
  const { env, state } = tx;
  return openVotes(tx).flatMap((vote) => {
    const { proposalId, proposer, request, signature } = vote;
    const tally = env.plugins.consensus.tally(state.votes.sessions, proposalId);
    if (tally === undefined) return [];
    const { yes, no, expected, votes } = tally;
    const voted =
      signature !== undefined || votes.some(({ voteOwner }) => memberIdFromBytes(voteOwner) === env.self);
    const deadline = deadlineOf(vote, env);
    return [jsonReady({ proposalId, proposer, request, yes, no, expected, voted, ...deadline })];
  });
}

function proposalSnapshots({ env, state }: ActiveTransaction): readonly ProposalSnapshot[] {
  return env.plugins.consensus
    .proposals(state.votes.sessions)
    .flatMap(({ proposalId, state: result, yes, no }) => {
      const known = state.votes.open.get(proposalId);
      if (known === undefined) return [];
      const { proposer, request } = known;
      return jsonReady({ proposalId, proposer, request, state: result, yes, no });
    });
}

function deadlineOf(
  { defaultVote, deadlineMs }: OpenVote,
  { nowMs: monotonicMs, nowWallMs: wallMs }: Environment,
): Pick<VoteSnapshot, "deadlineWallMs" | "deadlineMonotonicMs"> {
  const atMs = defaultVote?.atMs ?? deadlineMs;
  if (atMs === undefined) return { deadlineWallMs: undefined, deadlineMonotonicMs: undefined };
  return toldDeadline(atMs, { monotonicMs, wallMs });
}
