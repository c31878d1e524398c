import type { StewardListConfig } from "@demls/steward";
import { decodeConversationUpdateRequest, type ConversationUpdateRequest, type Proposal } from "@demls/wire";
import { bytesToHex, memberIdFromBytes, type MemberId } from "@demls/wire/core";
import type { CompatibilityMode } from "../model/compatibility.js";
import type { ConversationConfig } from "../model/config.js";
import type { Environment } from "../model/environment.js";
import { toldDeadline } from "../model/deadline.js";
import type { DecisionResult } from "../model/event.js";
import { candidateProgress } from "../freeze/candidates.js";
import { pendingLeaves } from "../voting/self-leave.js";
import type { ConversationState, Phase } from "../model/state.js";
import { eligibleStewards, type Transaction } from "../model/transaction.js";
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
  readonly request: ConversationUpdateRequest;
  readonly yes: number;
  readonly no: number;
  /** How many may vote. */
  readonly expected: number;
  /** Whether this member's vote is cast, or waits for its signature. */
  readonly voted: boolean;
  /**
   * When this member's vote is cast for it; where it has voted, when the vote is settled by the votes there are.
   * Milliseconds since the Unix epoch, as the wall clock stands; absent where nothing is due.
   */
  readonly deadlineWallMs: number | undefined;
  /** The same on the user's monotonic clock, by which it is kept. */
  readonly deadlineMonotonicMs: number | undefined;
}

/** A proposal that is remembered, whether it is being voted on or decided. */
export interface ProposalSnapshot extends JsonReady {
  readonly proposalId: number;
  /** `active` while votes are counted; otherwise the result. */
  readonly state: "active" | DecisionResult;
  readonly yes: number;
  readonly no: number;
  /** The proposal with the votes counted, as it would be published now. */
  readonly proposal: Proposal;
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
  readonly approved: readonly { readonly proposalId: number; readonly request: ConversationUpdateRequest }[];
  /** Asked for, not voted in yet. */
  readonly pendingUpdates: readonly ConversationUpdateRequest[];
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
  const { group } = state;
  const list = stewards.currentList(state.stewards);
  const epoch = group?.epoch;
  return jsonReady({
    name: state.name,
    self: env.self,
    mode: group && state.mode,
    phase: state.phase,
    config: state.config,
    epoch,
    epochAuthenticator: group && bytesToHex(group.authenticator),
    members: (group?.members ?? []).map((id) =>
      jsonReady({ id, role: roleOf(tx, id), score: scoring.scoreFor(state.scores, id) }),
    ),
    stewards:
      list &&
      jsonReady({
        members: list.members,
        electionEpoch: list.electionEpoch,
        retryRound: list.retryRound,
        exhausted: epoch !== undefined && stewards.isExhausted(state.stewards, epoch),
      }),
    stewardBounds: stewards.config(state.stewards),
    retryRound: stewards.retryRound(state.stewards),
    maxRetries: stewards.maxRetries(state.stewards),
    recovery: state.recovery,
    openVotes: openVotes(tx),
    proposals: env.plugins.consensus
      .proposals(state.consensus)
      .map(({ proposalId, state: result, yes, no, proposal }) =>
        jsonReady({ proposalId, state: result, yes, no, proposal }),
      ),
    approved: state.approved.map(({ proposalId, request }) => ({ proposalId, request })),
    pendingUpdates: [...state.pendingUpdates.values()].map(({ request }) => request),
    pendingLeaves: pendingLeaves(state.approved, group?.members ?? []),
    freeze: candidateProgress(tx),
    buffered: state.bufferedPackets.length + state.bufferedVotes.length,
    pendingOutbound: state.outbox.length,
    queuedMessages: state.queuedMessages.length,
  });
}

function roleOf(tx: Transaction, member: MemberId): MemberRole {
  const { state, env } = tx;
  const { stewards } = env.plugins;
  if (!stewards.isSteward(state.stewards, member) || state.group === undefined) return "member";
  const eligible = eligibleStewards(tx);
  const { epochSteward, backup } = stewards.epochAndBackup(state.stewards, state.group.epoch, eligible);
  if (member === epochSteward) return "epoch-steward";
  return member === backup ? "backup-steward" : "steward";
}

function openVotes({ state, env }: Transaction): readonly VoteSnapshot[] {
  const signing = new Set([...state.signatures.values()].map(({ vote }) => vote.proposalId));
  return env.plugins.consensus.proposals(state.consensus).flatMap((tally) => {
    const decoded = decodeConversationUpdateRequest(tally.proposal.payload);
    if (tally.state !== "active" || !decoded.ok) return [];
    const { proposalId, yes, no, expected, votes, proposal } = tally;
    const voted =
      signing.has(proposalId) || votes.some(({ voteOwner }) => memberIdFromBytes(voteOwner) === env.self);
    const proposer = memberIdFromBytes(proposal.proposalOwner);
    const deadline = deadlineOf(state, env, proposalId);
    const request = decoded.value;
    return [jsonReady({ proposalId, proposer, request, yes, no, expected, voted, ...deadline })];
  });
}

function deadlineOf(
  { defaultVotes, voteDeadlines }: ConversationState,
  { nowMs: monotonicMs, nowWallMs: wallMs }: Environment,
  proposalId: number,
): Pick<VoteSnapshot, "deadlineWallMs" | "deadlineMonotonicMs"> {
  const atMs = defaultVotes.get(proposalId)?.atMs ?? voteDeadlines.get(proposalId);
  if (atMs === undefined) return { deadlineWallMs: undefined, deadlineMonotonicMs: undefined };
  return toldDeadline(atMs, { monotonicMs, wallMs });
}
