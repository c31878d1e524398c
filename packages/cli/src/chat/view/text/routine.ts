import type { ConversationEvent, ProposalSnapshot } from "demls";
import type { Room } from "../../room/room.js";

/**
 * Whether an event asks nothing of a person: it is of elections, scores, epochs, or of a vote on a joiner about whom nobody is
 * asked.
 */
export function isRoutine(event: ConversationEvent, room: Room): boolean {
  switch (event.kind) {
    case "stewardsChanged":
    case "scoreChanged":
    case "commitApplied":
      return true;
    case "phaseChanged":
      return event.phase === "freezing" && isStrict(room);
    case "voteRequested":
    case "ownProposalSubmitted":
      return event.request.kind === "electStewards";
    case "proposalDecided":
      return (
        event.request.kind === "electStewards" ||
        (event.request.kind === "add" && event.result === "yes" && !deliberates(room))
      );
    case "voteCast": {
      const kind = proposalOf(event.proposalId, room)?.request?.kind;
      return kind === "electStewards" || (kind === "add" && event.vote && !deliberates(room));
    }
    default:
      return false;
  }
}

/** Whether the conversation is in strict mode. */
export function isStrict({ conversation }: Room): boolean {
  return conversation.state.mode === "strict";
}

/** Whether members have time to vote on each joiner. */
function deliberates(room: Room): boolean {
  return !isStrict(room) || room.conversation.state.config.deliberationMs > 0;
}

/** The snapshot of a proposal, if the conversation still has it. */
export function proposalOf(proposalId: number, { conversation }: Room): ProposalSnapshot | undefined {
  return conversation.state.proposals.find((proposal) => proposal.proposalId === proposalId);
}
