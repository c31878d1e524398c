import { DemlsError } from "demls";

/** Maximum number of numbered proposals; the oldest is evicted. */
const MAX_NUMBERED = 1_024;

/** Short numbers for proposals, whose ids are too long to type: 1, 2, 3, … in the order of arrival. */
export interface VoteNumbers {
  /** The number of a proposal; assigns the next number to a new proposal. */
  numberOf(proposalId: number): number;
  /** The proposal of a number. @throws DemlsError `unknown-vote` for an unassigned or evicted number. */
  proposalOf(number: number): number;
}

export function createVoteNumbers(): VoteNumbers {
  const numbers = new Map<number, number>();
  const proposals = new Map<number, number>();
  let last = 0;
  return {
    numberOf(proposalId) {
      const known = numbers.get(proposalId);
      if (known !== undefined) return known;
      last += 1;
      numbers.set(proposalId, last);
      proposals.set(last, proposalId);
      const oldest = proposals.get(last - MAX_NUMBERED);
      if (oldest !== undefined) {
        proposals.delete(last - MAX_NUMBERED);
        numbers.delete(oldest);
      }
      return last;
    },
    proposalOf(number) {
      const proposalId = proposals.get(number);
      if (proposalId !== undefined) return proposalId;
      throw new DemlsError("unknown-vote", {
        message: `There is no vote ${number}.`,
        field: "vote",
        remedy: "/votes lists the open votes.",
      });
    },
  };
}
