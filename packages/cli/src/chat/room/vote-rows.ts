import type { ConversationUpdateRequest, MemberId } from "demls";
import type { Room } from "./room.js";

/** An open vote, as it is shown. */
export interface VoteRow {
  readonly number: number;
  readonly proposalId: number;
  readonly proposer: MemberId;
  readonly request: ConversationUpdateRequest;
  readonly yes: number;
  readonly no: number;
  /** How many may vote. */
  readonly expected: number;
  readonly voted: boolean;
  /** What is cast for this member if its hand casts nothing; `undefined` where nothing is. */
  readonly defaultVote: boolean | undefined;
  /** Until that is cast, or the vote is settled where this member has voted; `undefined` where nothing is due. */
  readonly secondsLeft: number | undefined;
}

/** The votes that are open, as long as they are. */
export function voteRows({ conversation, votes }: Room): readonly VoteRow[] {
  const { deadlines, openVotes } = conversation.inspect();
  return conversation.state.openVotes.map((vote) => {
    const { proposalId, voted } = vote;
    const due = deadlines.find(
      (deadline) => deadline.proposalId === proposalId && deadline.what === (voted ? "settling" : "own-vote"),
    );
    const defaultVote = openVotes.find((open) => open.proposalId === proposalId)?.defaultVote ?? undefined;
    return {
      ...vote,
      number: votes.numberOf(proposalId),
      defaultVote,
      secondsLeft: due && Math.max(0, Math.ceil(due.inMs / 1_000)),
    };
  });
}
