import { memberIdFromBytes, type MemberId } from "@demls/wire/core";
import { clockedDeadline } from "../model/deadline.js";
import type { Environment } from "../model/environment.js";
import type { DecisionResult } from "../model/phase.js";
import type { ChangeRequest } from "../model/request.js";
import type { ActiveTransaction } from "../model/transaction.js";
import type { OpenVote } from "../model/votes.js";
import { openVotes } from "../voting/open-votes.js";
import { jsonReady, type JsonReady } from "./json.js";

/** Open vote. */
export interface VoteSnapshot extends JsonReady {
  readonly proposalId: number;
  readonly proposer: MemberId;
  readonly request: ChangeRequest;
  readonly yes: number;
  readonly no: number;
  /** Number of voters. */
  readonly expected: number;
  /** Whether this member has voted, signed or not yet. */
  readonly voted: boolean;
  /**
   * Time of this member's default vote; once it has voted, the deadline of the vote. Milliseconds since the Unix epoch,
   * by the current wall clock; undefined if neither is due.
   */
  readonly deadlineWallMs: number | undefined;
  /** The same deadline on the user's monotonic clock, which the timer uses. */
  readonly deadlineMonotonicMs: number | undefined;
}

/** Open or recently decided proposal. */
export interface ProposalSnapshot extends JsonReady {
  readonly proposalId: number;
  readonly proposer: MemberId;
  readonly request: ChangeRequest;
  /** Name that the joiner of another member's `add` claims, not verified; undefined if it claims none. */
  readonly claimedName: string | undefined;
  /** `active` while votes are counted; otherwise the result. */
  readonly state: "active" | DecisionResult;
  readonly yes: number;
  readonly no: number;
}

/** The open votes. */
export function voteSnapshots(tx: ActiveTransaction): readonly VoteSnapshot[] {
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

/** The open and recently decided proposals. */
export function proposalSnapshots({ env, state }: ActiveTransaction): readonly ProposalSnapshot[] {
  return env.plugins.consensus
    .proposals(state.votes.sessions)
    .flatMap(({ proposalId, state: result, yes, no }) => {
      const known = state.votes.open.get(proposalId);
      if (known === undefined) return [];
      const { proposer, request, claimedName } = known;
      return jsonReady({ proposalId, proposer, request, claimedName, state: result, yes, no });
    });
}

function deadlineOf(
  { defaultVote, deadlineMs }: OpenVote,
  { nowMs: monotonicMs, nowWallMs: wallMs }: Environment,
): Pick<VoteSnapshot, "deadlineWallMs" | "deadlineMonotonicMs"> {
  const atMs = defaultVote?.atMs ?? deadlineMs;
  if (atMs === undefined) return { deadlineWallMs: undefined, deadlineMonotonicMs: undefined };
  return clockedDeadline(atMs, { monotonicMs, wallMs });
}
