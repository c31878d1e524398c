import { memberIdFromBytes, type MemberId } from "@demls/wire/core";
import type { AdmissionDecision } from "../model/admission-policy.js";
import { isSameChange, type AddRequest } from "../model/request.js";
import type { OpenVote } from "../model/votes.js";
import { policyOf, type ActiveTransaction } from "../model/transaction.js";

/**
 * Decision of this member's policy on a joiner. Without a mode that asks, every joiner is admitted.
 *
 * @param vouchedBy - member that has proposed the joiner with its own yes.
 */
export function decideAdmission(
  tx: ActiveTransaction,
  request: AddRequest,
  claimedName: string | undefined,
  vouchedBy = bufferedVoucher(tx, request),
): AdmissionDecision {
  if (!policyOf(tx).asksForAdmission) return "admit";
  const { name: conversation } = tx.state;
  const { member: joiner } = request;
  try {
    const decision = tx.env.plugins.admission({ conversation, joiner, claimedName, vouchedBy });
    return decision === "admit" || decision === "refuse" ? decision : "ask";
  } catch {
    // The policy is code of the application, and a step must not fail by it.
    return "ask";
  }
}

/** The proposer of a joiner, if it has voted yes. */
export function voucherIn(tx: ActiveTransaction, { proposalId, proposer }: OpenVote): MemberId | undefined {
  const votes = tx.env.plugins.consensus.tally(tx.state.votes.sessions, proposalId)?.votes ?? [];
  return votes.some(({ vote, voteOwner }) => vote && memberIdFromBytes(voteOwner) === proposer)
    ? proposer
    : undefined;
}

/** Member that has vouched for the same key package, as long as it is buffered. */
function bufferedVoucher({ state }: ActiveTransaction, request: AddRequest): MemberId | undefined {
  const buffered = state.changes.pending.get(request.member);
  return buffered !== undefined && isSameChange(buffered.request, request) ? buffered.vouchedBy : undefined;
}
