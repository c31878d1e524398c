import { memberIdFromBytes, type MemberId } from "@demls/wire/core";
import type { AdmissionDecision } from "../model/admission-policy.js";
import { isSameChange, type AddRequest } from "../model/request.js";
import type { OpenVote } from "../model/votes.js";
import { policyOf, type ActiveTransaction } from "../model/transaction.js";
import { goodInvitation } from "./invitations.js";

/** Decision on a joiner, and those that speak for it. */
export interface Admission {
  readonly decision: AdmissionDecision;
  readonly invitedBy?: MemberId | undefined;
  readonly vouchedBy?: MemberId | undefined;
}

/**
 * Decision of this member's policy on a joiner. Without a mode that asks, every joiner is admitted.
 *
 * @param proposedBy - member that has proposed the joiner with its own yes.
 */
export async function decideAdmission(
  tx: ActiveTransaction,
  request: AddRequest,
  claimedName: string | undefined,
  proposedBy?: MemberId,
): Promise<Admission> {
  if (!policyOf(tx).asksForAdmission) return { decision: "admit" };
  const { name: conversation } = tx.state;
  const { member: joiner } = request;
  // The members of that branch have let it in already.
  if (tx.state.branches.companions.includes(joiner)) return { decision: "admit", vouchedBy: tx.env.self };
  const vouchedBy = proposedBy ?? bufferedVoucher(tx, request);
  const redeemed = await goodInvitation(tx, request);
  const invitation = redeemed && { inviter: redeemed.inviter, id: redeemed.id, note: redeemed.note };
  const speakers = { vouchedBy, invitedBy: invitation?.inviter };
  try {
    const { admission } = tx.env.plugins;
    const decision = admission({ conversation, joiner, claimedName, vouchedBy, invitation });
    return { ...speakers, decision: decision === "admit" || decision === "refuse" ? decision : "ask" };
  } catch {
    // The policy is code of the application, and a step must not fail by it.
    return { ...speakers, decision: "ask" };
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
