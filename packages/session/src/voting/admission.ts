import { memberIdFromBytes } from "@demls/wire/core";
import type { AdmissionDecision, AskReason } from "../model/admission-policy.js";
import type { AddRequest } from "../model/request.js";
import type { OpenVote } from "../model/votes.js";
import type { ActiveTransaction } from "../model/transaction.js";
import type { Grounds } from "./grounds.js";

/** Decision on a joiner. */
export interface Admission {
  readonly decision: AdmissionDecision;
  /** Reason to ask. */
  readonly reason: AskReason;
}

/**
 * Decision on a joiner by this member's policy. It asks if only votes by hand may let the joiner in.
 *
 * @param grounds - undefined in a mode that does not ask: every joiner is admitted.
 */
export function decideAdmission(
  tx: ActiveTransaction,
  request: AddRequest,
  claimedName: string | undefined,
  grounds: Grounds | undefined,
): Admission {
  const reason = grounds?.objection ?? "policy";
  if (grounds === undefined) return { decision: "admit", reason };
  const { name: conversation } = tx.state;
  const { member: joiner } = request;
  const { isByHand, invitation: redeemed, vouchedBy } = grounds;
  // The members of that branch have let it in already.
  if (tx.state.branches.companions.includes(joiner)) return { decision: "admit", reason };
  if (isByHand) return { decision: "ask", reason };
  const invitation = redeemed && { inviter: redeemed.inviter, id: redeemed.id, note: redeemed.note };
  try {
    const { admission } = tx.env.plugins;
    const decision = admission({ conversation, joiner, claimedName, vouchedBy, invitation });
    return { decision: decision === "admit" || decision === "refuse" ? decision : "ask", reason };
  } catch {
    // The policy is code of the application, and a step must not fail by it.
    return { decision: "ask", reason };
  }
}

/** Whether the proposer of a joiner vouches for it: its yes came with the proposal, or, if that is not known, later. */
export function isVouchedFor(tx: ActiveTransaction, { proposalId, proposer, consent }: OpenVote): boolean {
  if (consent !== undefined) return consent.vouched && consent.sponsor === proposer;
  const votes = tx.env.plugins.consensus.tally(tx.state.votes.sessions, proposalId)?.votes ?? [];
  return votes.some(({ vote, voteOwner }) => vote && memberIdFromBytes(voteOwner) === proposer);
}
