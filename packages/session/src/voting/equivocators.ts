import type { MemberId } from "@demls/wire/core";
import { brokenCommitIn, type ChangeRequest } from "../model/request.js";
import type { ActiveTransaction } from "../model/transaction.js";
import { openRequests } from "./open-votes.js";

/**
 * Whether a request removes a member that has chosen twice in an epoch, or accuses it of that for the first time. This member
 * holds both choices.
 */
export function isAgainstEquivocator(tx: ActiveTransaction, request: ChangeRequest): boolean {
  const { equivocations } = tx.state.evidence;
  if (request.kind === "remove") return equivocations.some(({ member }) => member === request.member);
  const evidence = brokenCommitIn(request);
  if (evidence === undefined) return false;
  const { target, epoch } = evidence;
  const isProved = equivocations.some((each) => each.member === target && each.epoch === epoch);
  // An accuser gains score.
  return isProved && !isConvicted(tx, target, epoch) && !openRequests(tx).some(isSame);

  function isSame(other: ChangeRequest): boolean {
    const known = other === request ? undefined : brokenCommitIn(other);
    return known?.target === target && known.epoch === epoch;
  }
}

/** Whether the group has convicted a member of two choices in this epoch or a later one. */
function isConvicted({ state }: ActiveTransaction, member: MemberId, epoch: bigint): boolean {
  return (state.scores.convicted.get(member) ?? -1n) >= epoch;
}
