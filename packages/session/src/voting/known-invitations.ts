import type { InvitationState } from "@demls/wire";
import { bytesEqual, bytesToHex, memberIdFromBytes, memberIdToBytes, type MemberId } from "@demls/wire/core";
import { invitationKeyOf, MEMBER_KEY_BYTES, type KnownInvitation } from "../model/invitations.js";
import { LIMITS } from "../model/limits.js";
import { policyOf, update, type ActiveTransaction } from "../model/transaction.js";
import { hexBytes } from "../repair/hex.js";

/** Largest number of uses that is counted. */
export const MAX_USES = 0xffff;

/** Time after the expiry in which a request counts: its vote lasts, and clocks differ. Seconds. */
export const GRACE_SECONDS = 900n;

const ID_BYTES = 8;
const NO_KEY = new Uint8Array();

/** The invitations that this member knows, for a record or a ConversationSync. */
export function statedInvitations(tx: ActiveTransaction): readonly InvitationState[] {
  if (!policyOf(tx).asksForAdmission) return [];
  return [...tx.state.invitations.known.values()].map((known) => ({
    ...known,
    inviter: memberIdToBytes(known.inviter),
    id: hexBytes(known.id),
  }));
}

/** Reason to reject the invitations of any sender. It depends on them alone, so that honest members agree. */
export function invitationsFlaw(invitations: readonly InvitationState[]): string | undefined {
  return invitations.length > LIMITS.knownInvitations || invitations.some(isFlawed)
    ? "invitations"
    : undefined;
}

/** Whether an invitation of any sender has a value out of bounds. */
export function isFlawed({
  inviter,
  id,
  uses,
  memberKey,
}: Pick<InvitationState, "inviter" | "id" | "uses" | "memberKey">): boolean {
  const isKey = memberKey.length === 0 || memberKey.length === MEMBER_KEY_BYTES;
  return inviter.length > LIMITS.inviterIdBytes || id.length !== ID_BYTES || uses > MAX_USES || !isKey;
}

/** Learns the invitations of a record or a ConversationSync. */
export function adoptInvitations(tx: ActiveTransaction, invitations: readonly InvitationState[]): void {
  if (!policyOf(tx).asksForAdmission) return;
  const stated = invitations.map(({ inviter, id, ...rest }) => ({
    ...{ inviter: memberIdFromBytes(inviter), id: bytesToHex(id) },
    ...rest,
  }));
  learn(tx, stated);
}

/** Adds invitations to those that this member knows, and drops the expired ones. */
export function learn(tx: ActiveTransaction, learned: readonly KnownInvitation[]): void {
  const before = tx.state.invitations.known;
  if (before.size + learned.length === 0) return;
  const known = new Map(before);
  for (const invitation of learned) {
    const key = invitationKeyOf(invitation);
    const one = known.get(key);
    known.set(key, one === undefined ? invitation : union(one, invitation));
  }
  const current = [...known].filter(([, { expiresAt }]) => !isOver(tx, expiresAt));
  current.sort(
    ([a, { expiresAt }], [b, { expiresAt: other }]) => later(other, expiresAt) || (a < b ? -1 : 1),
  );
  update(tx, "invitations", { known: new Map(withinBound(current)) });
}

function isOver({ env }: ActiveTransaction, expiresAt: bigint): boolean {
  return expiresAt !== 0n && env.nowSeconds > expiresAt + GRACE_SECONDS;
}

/** Order of two expiries. One without is the last. */
function later(a: bigint, b: bigint): number {
  if (a === b) return 0;
  return a === 0n || (b !== 0n && a > b) ? 1 : -1;
}

/** Evicts the invitations of the inviters with the most, those that expire first first: nobody can evict those of others. */
function withinBound(
  sorted: readonly (readonly [string, KnownInvitation])[],
): readonly (readonly [string, KnownInvitation])[] {
  let kept = [...sorted];
  while (kept.length > LIMITS.knownInvitations) {
    const counts = new Map<MemberId, number>();
    for (const [, { inviter }] of kept) counts.set(inviter, (counts.get(inviter) ?? 0) + 1);
    const most = Math.max(...counts.values());
    const victim = kept.findLast(([, { inviter }]) => counts.get(inviter) === most);
    kept = kept.filter((entry) => entry !== victim);
  }
  return kept;
}

/**
 * Two reports of one invitation; `a` itself if `b` tells nothing new, since a changed entry is stored again. The first key
 * stays, and is gone once the invitation is revoked.
 */
function union(a: KnownInvitation, b: KnownInvitation): KnownInvitation {
  const revoked = a.revoked || b.revoked;
  const firstKey = a.memberKey.length > 0 ? a.memberKey : b.memberKey;
  const memberKey = revoked ? NO_KEY : firstKey;
  const expiresAt = later(a.expiresAt, b.expiresAt) > 0 ? a.expiresAt : b.expiresAt;
  const uses = Math.max(a.uses, b.uses);
  const isSame =
    a.revoked === revoked &&
    a.expiresAt === expiresAt &&
    a.uses === uses &&
    bytesEqual(a.memberKey, memberKey);
  return isSame ? a : { ...a, expiresAt, uses, revoked, memberKey };
}
