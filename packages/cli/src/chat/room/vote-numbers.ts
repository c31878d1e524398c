import { DemlsError, type ConversationSnapshot } from "demls";

/** The numbers have four digits. */
const FIRST = 1_000;
const COUNT = 9_000;

/**
 * Number of a vote, from 1000 to 9999 and equal at all members: made from the proposal's id, which is too long to type.
 */
export function voteNumber(proposalId: number): number {
  return FIRST + (proposalId % COUNT);
}

/**
 * Finds the proposal of a typed number, which may also be a proposal's whole id. An open vote precedes a decided one,
 * and a later one an earlier one.
 *
 * @throws DemlsError `unknown-vote`; `ambiguous-vote` if two open votes have this number.
 */
export function findVote(
  typed: number,
  { openVotes, proposals }: Pick<ConversationSnapshot, "openVotes" | "proposals">,
): number {
  const isMeant = ({ proposalId }: { readonly proposalId: number }): boolean =>
    proposalId === typed || voteNumber(proposalId) === typed;
  const [open, another] = openVotes.filter(isMeant);
  if (open !== undefined && another !== undefined)
    throw ambiguousVote(typed, open.proposalId, another.proposalId);
  const found = open ?? proposals.findLast(isMeant);
  if (found === undefined) throw unknownVote(typed);
  return found.proposalId;
}

function unknownVote(typed: number): DemlsError<"unknown-vote"> {
  return new DemlsError("unknown-vote", {
    message: `There is no vote ${typed}.`,
    field: "vote",
    remedy: "/votes lists the open votes.",
  });
}

function ambiguousVote(typed: number, ...proposalIds: readonly number[]): DemlsError<"ambiguous-vote"> {
  return new DemlsError("ambiguous-vote", {
    message: `Two open votes have the number ${typed}.`,
    field: "vote",
    remedy: `Type the whole id of one: ${proposalIds.join(" or ")}.`,
  });
}
