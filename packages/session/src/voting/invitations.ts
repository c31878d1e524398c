import { asksForAdmission } from "../model/abilities.js";
import { hasExpired, readRedemption, verifyInvitation, type Invitation } from "@demls/join";
import type { AppMessage } from "@demls/wire";
import { bytesToHex, DemlsError, memberIdToBytes, type MemberId } from "@demls/wire/core";
import { sealAndEnqueue } from "../messages/send.js";
import type { AskReason } from "../model/admission-policy.js";
import type { ApprovedChange } from "../model/changes.js";
import { accepted, ignored, rejected, type InboundOutcome } from "../model/inbound-outcome.js";
import { invitationKeyOf, type KnownInvitation } from "../model/invitations.js";
import { isSameChange, partingMember, type AddRequest } from "../model/request.js";
import type { ActiveTransaction } from "../model/transaction.js";
import { hexBytes } from "../model/hex.js";
import { consentsAhead } from "./adds-under-way.js";
import { GRACE_SECONDS, isFlawed, MAX_USES, mayBeForgotten, witness } from "./known-invitations.js";
import { learnDeputies, signOwnDeputies } from "./deputies.js";
import { notCaughtUp } from "./not-caught-up.js";
import { standingOf } from "../standing/index.js";

type Notice = Extract<AppMessage, { kind: "invitation_notice" }>;

const NO_KEY = new Uint8Array();

/** Judgement on the invitation of a joiner: it is good, or there is a reason to ask about the joiner. */
export type JudgedInvitation =
  | { readonly invitation: Invitation; readonly flaw: undefined }
  | { readonly invitation: undefined; readonly flaw: AskReason };

/**
 * Judges the invitation that a joiner redeems. It is good if a member that is not about to be removed has issued it for
 * this group, and it has not expired, was not revoked, and has a use left for this joiner.
 */
export async function judgeInvitation(tx: ActiveTransaction, request: AddRequest): Promise<JudgedInvitation> {
  const redemption = redemptionFor(tx, request);
  const read = redemption && readRedemption(redemption, request.keyPackage);
  if (read?.ok !== true || read.invitation.groupId !== tx.state.group.groupId) return flawed("uninvited");
  const { invitation } = read;
  if (!isInGoodStanding(tx, invitation.inviter)) return flawed("inviter-gone");
  if (hasExpired(invitation, tx.env.nowSeconds - GRACE_SECONDS)) return flawed("invitation-expired");
  const key = invitationKeyOf(invitation);
  if (isRevoked(tx, key)) return flawed("invitation-revoked");
  const reserved = consentsAhead(tx, request).filter((consent) => consent.invitation === key).length;
  if (usesLeft(tx, invitation) <= reserved) return flawed("invitation-used-up");
  if (mayBeForgotten(tx, invitation)) return flawed("uninvited");
  // Last, since it costs most.
  const isGenuine = await verifyInvitation(invitation, tx.env.plugins.verifier);
  return isGenuine ? { invitation, flaw: undefined } : flawed("uninvited");
}

function flawed(flaw: AskReason): JudgedInvitation {
  return { invitation: undefined, flaw };
}

/**
 * Reason not to carry out an approved addition: its invitation was revoked since, or has too few uses for all approved
 * additions. Votes by hand stand.
 */
export function withheldInvitation(
  tx: ActiveTransaction,
  { request, consent }: ApprovedChange,
): "invitation-revoked" | "invitation-used-up" | undefined {
  if (request.kind !== "add" || request.redemption === undefined) return undefined;
  const key = consent?.kind === "default" ? consent.invitation : undefined;
  const read = key === undefined ? undefined : readRedemption(request.redemption, request.keyPackage);
  if (key === undefined || read?.ok !== true) return undefined;
  if (isRevoked(tx, key)) return "invitation-revoked";
  const before = consentsAhead(tx, request).filter((other) => other.invitation === key).length;
  return usesLeft(tx, read.invitation) <= before ? "invitation-used-up" : undefined;
}

/**
 * The redemption in a request, or else in the buffered request for the same key package: the proposer may have omitted
 * it.
 */
function redemptionFor({ state }: ActiveTransaction, request: AddRequest): Uint8Array | undefined {
  if (request.redemption !== undefined) return request.redemption;
  const buffered = state.changes.pending.get(request.member)?.request;
  return buffered?.kind === "add" && isSameChange(buffered, request) ? buffered.redemption : undefined;
}

function isInGoodStanding({ state }: ActiveTransaction, inviter: MemberId): boolean {
  const isParting = state.changes.approved.some(({ request }) => partingMember(request) === inviter);
  return state.group.members.includes(inviter) && !isParting;
}

function isRevoked({ state }: ActiveTransaction, key: string): boolean {
  return state.invitations.known.get(key)?.revoked === true;
}

/** Uses that no commit has spent. */
function usesLeft({ state }: ActiveTransaction, invitation: Invitation): number {
  if (invitation.uses === 0) return Infinity;
  return invitation.uses - (state.invitations.known.get(invitationKeyOf(invitation))?.uses ?? 0);
}

/** Counts the invitations by which a commit has added members. */
export function countUses(tx: ActiveTransaction, committed: readonly ApprovedChange[]): void {
  if (!asksForAdmission(tx)) return;
  for (const { request, consent } of committed) {
    if (request.kind !== "add" || request.redemption === undefined) continue;
    // It came in by votes by hand or by a voucher, as the record states. Members that judged otherwise follow the
    // record.
    const isInvited =
      tx.state.admission.arrivals.get(request.member)?.invited ?? consent?.invitation !== undefined;
    if (consent !== undefined && !isInvited) continue;
    const read = readRedemption(request.redemption, request.keyPackage);
    if (!read.ok || read.invitation.groupId !== tx.state.group.groupId) continue;
    const { inviter, id, expiresAt } = read.invitation;
    const key = invitationKeyOf({ inviter, id });
    const known = tx.state.invitations.known.get(key);
    const uses = Math.min((known?.uses ?? 0) + 1, MAX_USES);
    const { revoked = false, memberKey = NO_KEY } = known ?? {};
    witness(tx, { inviter, id, revoked, memberKey, expiresAt: BigInt(expiresAt), uses });
  }
}

/** Tells the group of an invitation that this member has issued. While it catches up, it notes the invitation alone. */
export async function shareInvitation(
  tx: ActiveTransaction,
  { id, expiresAt, memberKey }: Pick<KnownInvitation, "id" | "expiresAt" | "memberKey">,
): Promise<void> {
  const own = {
    ...{ inviter: tx.env.self, id, expiresAt, memberKey },
    ...{ uses: 0, revoked: false },
  };
  const known = tx.state.invitations.known.get(invitationKeyOf(own));
  // It may have been revoked while this member caught up.
  if (known?.revoked === true) return;
  if (standingOf(tx) === "catchingUp") witness(tx, own);
  else await tell(tx, own);
}

/**
 * Revokes an invitation of this member, here and at the other members.
 *
 * @throws DemlsError `wrong-mode`, `unknown-invitation`, `wrong-phase`.
 */
export async function revokeInvitation(tx: ActiveTransaction, id: string): Promise<void> {
  if (!asksForAdmission(tx)) throw wrongMode();
  const known = tx.state.invitations.known.get(invitationKeyOf({ inviter: tx.env.self, id }));
  if (known === undefined) throw unknownInvitation();
  if (known.revoked) return;
  await tell(tx, { ...known, revoked: true, memberKey: NO_KEY });
}

/** Notes an invitation of this member, here and at the other members. */
async function tell(tx: ActiveTransaction, own: Omit<KnownInvitation, "told">): Promise<void> {
  if (standingOf(tx) === "catchingUp") throw notCaughtUp();
  const { id, expiresAt, revoked, memberKey } = own;
  const deputies = revoked ? undefined : await signOwnDeputies(tx);
  const notice = { id: hexBytes(id), expiresAt, revoked, memberKey, ...(deputies && { deputies }) };
  await sealAndEnqueue(tx, { kind: "invitation_notice", ...notice });
  witness(tx, own);
}

/** Handles a member's message about an invitation of its own: it has issued it, or revokes it. */
export function receiveInvitationNotice(
  tx: ActiveTransaction,
  { id, expiresAt, revoked, memberKey, deputies }: Notice,
  sender: MemberId,
): InboundOutcome {
  if (!asksForAdmission(tx)) return ignored("empty-message");
  const known = { inviter: sender, id: bytesToHex(id), expiresAt, uses: 0, revoked, memberKey };
  if (isFlawed({ ...known, id, inviter: memberIdToBytes(sender) }))
    return rejected("malformed-message", "invitation", sender);
  if (deputies !== undefined && !learnDeputies(tx, deputies, sender))
    return rejected("malformed-message", "deputies", sender);
  witness(tx, known);
  return accepted("invitation", sender);
}

function wrongMode(): DemlsError<"wrong-mode"> {
  return new DemlsError("wrong-mode", {
    message: "A de-mls-3 conversation remembers no invitations.",
    remedy: "No action is needed: the members vote on each joiner.",
  });
}

function unknownInvitation(): DemlsError<"unknown-invitation"> {
  return new DemlsError("unknown-invitation", {
    message: "This user has issued no invitation with this id here, or it has expired.",
    field: "id",
    remedy: "Use an id of state.invitations whose inviter is this user.",
  });
}
