import { asksForAdmission } from "../model/abilities.js";
import type { Invitation } from "@demls/join";
import type { MemberId } from "@demls/wire/core";
import type { AskReason } from "../model/admission-policy.js";
import type { ApprovedChange, Consent } from "../model/changes.js";
import { invitationKeyOf } from "../model/invitations.js";
import { isSameChange, type AddRequest } from "../model/request.js";
import type { ActiveTransaction } from "../model/transaction.js";
import { consentsAhead } from "./adds-under-way.js";
import { judgeInvitation, withheldInvitation } from "./invitations.js";
import { hasTooManyGuests } from "./newcomers.js";

/** Facts by which a member judges a joiner. */
export interface Grounds {
  readonly consent: Consent;
  /** Whether it may come in by votes by hand alone: the proposal says so, or its sponsor has too many guests. */
  readonly isByHand: boolean;
  /** The invitation that it redeems, if it is good. */
  readonly invitation: Invitation | undefined;
  readonly vouchedBy: MemberId | undefined;
  /** Reason to ask about it; undefined if an invitation or a member speaks for it. */
  readonly objection: AskReason | undefined;
}

/** Proposer of an addition; this member while it is not proposed. */
export interface AddProposer {
  readonly proposer: MemberId;
  /** Whether the proposer's yes comes with the proposal. */
  readonly vouches: boolean;
  /** Whether the proposal has silence count as no, so that only votes by hand can approve it. */
  readonly byHand?: boolean;
  /** Time that the proposal states: seconds since the Unix epoch; now by default. */
  readonly proposedAt?: bigint;
}

/**
 * Present grounds of an addition. Members judge them again when it is proposed, when the default vote is cast, and when
 * a commit carries it out. `undefined` in a mode that does not ask.
 */
export async function groundsOf(
  tx: ActiveTransaction,
  request: AddRequest,
  { proposer, vouches, byHand = false, proposedAt = tx.env.nowSeconds }: AddProposer,
): Promise<Grounds | undefined> {
  if (!asksForAdmission(tx)) return undefined;
  const vouchedBy = vouches ? proposer : bufferedVoucher(tx, request);
  const { invitation, flaw } = await judgeInvitation(tx, request);
  // A vouch is for this joiner, but an invitation is for its holder.
  const key = vouchedBy === undefined && invitation ? invitationKeyOf(invitation) : undefined;
  const sponsor = vouchedBy ?? invitation?.inviter ?? proposer;
  const isBeyond = hasTooManyGuests(tx, sponsor, consentsAhead(tx, request));
  const kind = byHand ? "byHand" : "default";
  // A flaw comes first: the sponsor is then the proposer, whose bound says nothing about the joiner.
  const unspoken = vouchedBy === undefined ? flaw : undefined;
  const objection = unspoken ?? (isBeyond ? "too-many-guests" : undefined);
  const vouched = vouchedBy !== undefined;
  const consent: Consent = { kind, sponsor, invitation: key, vouched, proposedAt };
  return { consent, isByHand: byHand || isBeyond, invitation, vouchedBy, objection };
}

/** Reason not to carry out an addition that default votes have approved: its ground is gone. */
export function withheldAddition(tx: ActiveTransaction, change: ApprovedChange): AskReason | undefined {
  const { request, consent } = change;
  if (request.kind !== "add" || consent?.kind !== "default") return undefined;
  const withheld = withheldInvitation(tx, change);
  if (withheld !== undefined) return withheld;
  return hasTooManyGuests(tx, consent.sponsor, consentsAhead(tx, request)) ? "too-many-guests" : undefined;
}

/** Member that has vouched for the same key package, as long as it is buffered. */
function bufferedVoucher({ state }: ActiveTransaction, request: AddRequest): MemberId | undefined {
  const buffered = state.changes.pending.get(request.member);
  return buffered !== undefined && isSameChange(buffered.request, request) ? buffered.vouchedBy : undefined;
}
