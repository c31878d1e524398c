import type { ChangeRequest, MemberId } from "demls";
import type { Room } from "./room.js";
import { secondsUntil } from "./seconds-until.js";
import { voteNumber } from "./vote-numbers.js";

/** An open vote in the output of `/votes`. */
export interface VoteRow {
  readonly number: number;
  readonly proposalId: number;
  readonly proposer: MemberId;
  readonly request: ChangeRequest;
  readonly yes: number;
  readonly no: number;
  /** Number of eligible voters. */
  readonly expected: number;
  readonly voted: boolean;
  /** Default vote of this member; `undefined` if it has none. */
  readonly defaultVote: boolean | undefined;
  /** Seconds until the default vote, or until the decision if this member has voted; `undefined` without a deadline. */
  readonly secondsLeft: number | undefined;
}

/** The open votes. */
export function voteRows({ conversation, clock }: Room): readonly VoteRow[] {
  const { openVotes } = conversation.admin.inspect();
  return conversation.state.openVotes.map(
    ({ proposalId, proposer, request, yes, no, expected, voted, deadlineMonotonicMs }) => ({
      ...{ number: voteNumber(proposalId), proposalId, proposer, request, yes, no, expected, voted },
      defaultVote: openVotes.find((open) => open.proposalId === proposalId)?.defaultVote ?? undefined,
      secondsLeft: deadlineMonotonicMs === undefined ? undefined : secondsUntil(deadlineMonotonicMs, clock),
    }),
  );
}
