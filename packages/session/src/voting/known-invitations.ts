import { asksForAdmission } from "../model/abilities.js";
import { hasExpired, type Invitation, type InvitationEnd } from "@demls/join";
import type { InvitationState } from "@demls/wire";
import { bytesToHex, memberIdFromBytes, memberIdToBytes, type MemberId } from "@demls/wire/core";
import { invitationKeyOf, MEMBER_KEY_BYTES, type KnownInvitation } from "../model/invitations.js";
import { LIMITS } from "../model/limits.js";
import { withoutKey } from "../model/persistent-collections.js";
import { update, type ActiveTransaction } from "../model/transaction.js";
import { hexBytes } from "../model/hex.js";

/** Largest number of uses that is counted. */
export const MAX_USES = 0xffff;

/** Seconds after the expiry in which a request counts: its vote takes time, and clocks differ. */
export const GRACE_SECONDS = 900n;

const ID_BYTES = 8;
const NO_KEY = new Uint8Array();

/** The invitations that this member knows, for a record or a ConversationSync. */
export function statedInvitations(tx: ActiveTransaction): readonly InvitationState[] {
  if (!asksForAdmission(tx)) return [];
  return [...tx.state.invitations.known.values()].map(({ inviter, id, told: _, ...stated }) => ({
    ...stated,
    inviter: memberIdToBytes(inviter),
    id: hexBytes(id),
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

/** Learns the invitations of a ConversationSync, which a joiner cannot know yet. Beyond the bound: they are ignored. */
export function adoptInvitations(tx: ActiveTransaction, invitations: readonly InvitationState[]): void {
  learnTold(tx, invitations, { isCredible: () => true, bound: LIMITS.knownInvitations });
}

/**
 * Learns the invitations of a commit's record, for which its author alone vouches. It can add invitations of members, count
 * uses and revoke, a few at a time. It takes nothing away: neither an entry nor a use nor a revocation.
 *
 * @returns the invitations that are new here or have changed.
 */
export function learnRecordedInvitations(
  tx: ActiveTransaction,
  invitations: readonly InvitationState[],
): readonly KnownInvitation[] {
  const members = new Set(tx.state.group.members);
  return learnTold(tx, invitations, {
    isCredible: ({ inviter }) => members.has(inviter),
    bound: LIMITS.toldInvitations,
  });
}

interface ToldRules {
  /** Whether a new one is noted. */
  readonly isCredible: (invitation: KnownInvitation) => boolean;
  /** Number of new or changed ones that are noted, the first ones. */
  readonly bound: number;
}

/** Notes invitations that another member tells of, in free places only. @returns those that are new or have changed. */
function learnTold(
  tx: ActiveTransaction,
  invitations: readonly InvitationState[],
  { isCredible, bound }: ToldRules,
): readonly KnownInvitation[] {
  if (!asksForAdmission(tx) || invitations.length === 0) return [];
  const known = new Map(current(tx));
  const learned = new Map<string, KnownInvitation>();
  for (const { inviter, id, ...rest } of invitations) {
    const told = { ...rest, inviter: memberIdFromBytes(inviter), id: bytesToHex(id), told: true };
    const key = invitationKeyOf(told);
    const one = known.get(key);
    const isNew = one === undefined && known.size < LIMITS.knownInvitations && isCredible(told);
    const next = one === undefined ? told : withTold(one, told);
    if (isOver(tx, told.expiresAt) || next === one || (one === undefined && !isNew)) continue;
    if (learned.size >= bound) break;
    known.set(key, next);
    learned.set(key, next);
  }
  if (learned.size > 0) update(tx, "invitations", { known: sorted(known) });
  return [...learned.values()];
}

/** A known invitation with the uses and the revocation that another member tells of; itself if there are none. */
function withTold(known: KnownInvitation, { uses, revoked }: KnownInvitation): KnownInvitation {
  if (uses <= known.uses && (known.revoked || !revoked)) return known;
  const isRevoked = known.revoked || revoked;
  const memberKey = isRevoked ? NO_KEY : known.memberKey;
  return { ...known, uses: Math.max(known.uses, uses), revoked: isRevoked, memberKey };
}

/** Notes an invitation that this member has seen itself: by a notice of its inviter, or by a commit that counts a use. */
export function witness(tx: ActiveTransaction, seen: Omit<KnownInvitation, "told">): void {
  const known = new Map(current(tx));
  const key = invitationKeyOf(seen);
  known.set(key, union(known.get(key), { ...seen, told: false }));
  update(tx, "invitations", { known: sorted(withinBound(known)) });
}

/**
 * Whether this member lacks an invitation and its memory is full. Then the invitation may be revoked or used up, and is
 * not good.
 */
export function mayBeForgotten(
  tx: ActiveTransaction,
  invitation: Pick<KnownInvitation, "inviter" | "id">,
): boolean {
  const known = new Map(current(tx));
  return known.size >= LIMITS.knownInvitations && !known.has(invitationKeyOf(invitation));
}

/** Reason for which an invitation is over; `undefined` if none is known here. */
export function invitationEnd(tx: ActiveTransaction, invitation: Invitation): InvitationEnd | undefined {
  const known = tx.state.invitations.known.get(invitationKeyOf(invitation));
  if (known?.revoked === true) return "revoked";
  if (hasExpired(invitation, tx.env.nowSeconds - GRACE_SECONDS)) return "expired";
  return known !== undefined && invitation.uses > 0 && known.uses >= invitation.uses ? "used-up" : undefined;
}

type Entry = readonly [string, KnownInvitation];

/** The known invitations that have not expired. */
function current(tx: ActiveTransaction): readonly Entry[] {
  return [...tx.state.invitations.known].filter(([, { expiresAt }]) => !isOver(tx, expiresAt));
}

function sorted(known: ReadonlyMap<string, KnownInvitation>): ReadonlyMap<string, KnownInvitation> {
  return new Map(
    [...known].sort(
      ([a, { expiresAt }], [b, { expiresAt: other }]) => later(other, expiresAt) || (a < b ? -1 : 1),
    ),
  );
}

function isOver({ env }: ActiveTransaction, expiresAt: bigint): boolean {
  return expiresAt !== 0n && env.nowSeconds > expiresAt + GRACE_SECONDS;
}

/** Order of two expiries. One without is the last. */
function later(a: bigint, b: bigint): number {
  if (a === b) return 0;
  return a === 0n || (b !== 0n && a > b) ? 1 : -1;
}

/**
 * Evicts an invitation of the inviter with the most, so that no inviter can evict those of others. First goes one that
 * others have told of, then an unused one, since nothing about it is forgotten, then the one that expires first.
 */
function withinBound(known: ReadonlyMap<string, KnownInvitation>): ReadonlyMap<string, KnownInvitation> {
  if (known.size <= LIMITS.knownInvitations) return known;
  const counts = new Map<MemberId, number>();
  for (const { inviter } of known.values()) counts.set(inviter, (counts.get(inviter) ?? 0) + 1);
  const most = Math.max(...counts.values());
  const [victim] = [...known]
    .filter(([, { inviter }]) => counts.get(inviter) === most)
    .sort(
      ([a, one], [b, other]) =>
        Number(other.told) - Number(one.told) ||
        Number(isTouched(one)) - Number(isTouched(other)) ||
        later(one.expiresAt, other.expiresAt) ||
        (a < b ? 1 : -1),
    );
  return victim === undefined ? known : withoutKey(known, victim[0]);
}

function isTouched({ uses, revoked }: KnownInvitation): boolean {
  return revoked || uses > 0;
}

/** A known invitation, updated by a notice or a commit. Its first key stays until it is revoked. */
function union(known: KnownInvitation | undefined, seen: KnownInvitation): KnownInvitation {
  if (known === undefined) return seen;
  const revoked = known.revoked || seen.revoked;
  const hasKey = known.memberKey.length > 0 && !(known.told && seen.memberKey.length > 0);
  const firstKey = hasKey ? known.memberKey : seen.memberKey;
  const expiresAt =
    known.told || later(known.expiresAt, seen.expiresAt) < 0 ? seen.expiresAt : known.expiresAt;
  return {
    ...seen,
    expiresAt,
    uses: Math.max(known.uses, seen.uses),
    revoked,
    memberKey: revoked ? NO_KEY : firstKey,
  };
}
