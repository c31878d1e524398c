import type { MemberId } from "@demls/wire/core";
import { equivocatedIn, hasEquivocated } from "../model/evidence.js";
import { brokenCommitIn, type ChangeRequest } from "../model/request.js";
import type { ActiveTransaction } from "../model/transaction.js";
import { openRequests } from "./open-votes.js";

/**
 * Whether a request removes a member that has chosen twice in an epoch, or accuses it of that for the first time. This member
 * holds both choices.
 */
export function isAgainstEquivocator(tx: ActiveTransaction, request: ChangeRequest): boolean {
  const { evidence } = tx.state;
  if (request.kind === "remove") return equivocatedIn(evidence, request.member) !== undefined;
  const accusation = brokenCommitIn(request);
  if (accusation === undefined) return false;
  const { target, epoch } = accusation;
  const isProved = hasEquivocated(evidence, { member: target, epoch });
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
