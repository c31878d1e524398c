import type { ChangeRequest, MemberId } from "demls";
import type { Room } from "./room.js";
import { secondsUntil } from "./seconds-until.js";

/** An open vote, as it is shown. */
export interface VoteRow {
  readonly number: number;
  readonly proposalId: number;
  readonly proposer: MemberId;
  readonly request: ChangeRequest;
  readonly yes: number;
  readonly no: number;
  /** How many may vote. */
  readonly expected: number;
  readonly voted: boolean;
  /** What is cast for this member if its hand casts nothing; `undefined` where nothing is. */
  readonly defaultVote: boolean | undefined;
  /** Until that is cast, or the vote is decided where this member has voted; `undefined` where nothing is due. */
  readonly secondsLeft: number | undefined;
}

/** The votes that are open, as long as they are. */
export function voteRows({ conversation, votes, clock }: Room): readonly VoteRow[] {
  const { openVotes } = conversation.admin.inspect();
  return conversation.state.openVotes.map(
    ({ proposalId, proposer, request, yes, no, expected, voted, deadlineMonotonicMs }) => ({
      ...{ number: votes.numberOf(proposalId), proposalId, proposer, request, yes, no, expected, voted },
      defaultVote: openVotes.find((open) => open.proposalId === proposalId)?.defaultVote ?? undefined,
      secondsLeft: deadlineMonotonicMs === undefined ? undefined : secondsUntil(deadlineMonotonicMs, clock),
    }),
  );
}
