import type { ConversationUpdateRequest } from "@demls/wire";
import type { MemberId } from "@demls/wire/core";
import { isDerivable } from "./judgement.js";
import { withMember } from "./persistent-collections.js";
import { policyOf, update, type Turn } from "./turn.js";

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
  if (request.kind !== "steward_election" || !isDerivable(turn, request, proposer)) return;
  update(turn, { expectedElections: withMember(turn.state.expectedElections, proposalId) });
}

/**
 * Whether an election is not for this member to hear of yet: a joiner without its sync cannot judge it, and where
 * rogue lists are refused it must not be talked into one (W7).
 */
export function awaitsSync(turn: Turn, request: ConversationUpdateRequest): boolean {
  return request.kind === "steward_election" && !turn.state.synced && policyOf(turn).refusesRogueElections;
}

/**
 * Whether an election is of a list that this member derives neither now nor when its vote was opened (W7). A joiner
 * without its sync cannot tell, and takes what the others elect, where it hears of it at all: see {@link awaitsSync}.
 */
export function isRogueElection(
  turn: Turn,
  proposalId: number,
  election: Election,
  proposer: MemberId,
): boolean {
  const { expectedElections, synced } = turn.state;
  return synced && !expectedElections.has(proposalId) && !isDerivable(turn, election, proposer);
}
