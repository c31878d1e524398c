import type { ConversationUpdateRequest } from "@demls/wire";
import type { MemberId } from "@demls/wire/core";
import { isDeterministicElection } from "./judgement.js";
import { withMember } from "./persistent-collections.js";
import { update, type Turn } from "./turn.js";

type Election = Extract<ConversationUpdateRequest, { kind: "steward_election" }>;

/**
 * Notes, when its vote is opened, that an election is the one that this member derives itself. Later the epoch
 * that it was drawn from may be over, and nobody can tell any more.
 */
export function noteElection(
  turn: Turn,
  proposalId: number,
  request: ConversationUpdateRequest,
  proposer: MemberId,
): void {
  if (request.kind !== "steward_election" || !isDeterministicElection(turn, request, proposer)) return;
  update(turn, { expectedElections: withMember(turn.state.expectedElections, proposalId) });
}

/** Whether an election is of a list that this member derives neither now nor when its vote was opened (W7). */
export function isRogueElection(
  turn: Turn,
  proposalId: number,
  election: Election,
  proposer: MemberId,
): boolean {
  const { expectedElections } = turn.state;
  return !expectedElections.has(proposalId) && !isDeterministicElection(turn, election, proposer);
}
