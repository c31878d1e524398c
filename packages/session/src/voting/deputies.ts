import { asksForAdmission } from "../model/abilities.js";
import { isStaleList, MAX_DEPUTIES, readDeputies, signDeputies } from "@demls/join";
import type { MemberId } from "@demls/wire/core";
import { isVerified } from "../identity/verified-members.js";
import { sealAndEnqueue } from "../messages/send.js";
import type { KnownInvitation } from "../model/invitations.js";
import { LIMITS } from "../model/limits.js";
import { entriesWhere, withEntry } from "../model/persistent-collections.js";
import { rosterEntryOf } from "../model/roster.js";
import { isPendingRemoval, update, type ActiveTransaction } from "../model/transaction.js";
import { isNewcomer } from "./newcomers.js";
import { hexBytes } from "../model/hex.js";
import { isAbsent } from "../presence/index.js";
import { standingOf } from "../standing/index.js";

/** Difference of two clocks that a list tolerates, in seconds. */
export const CLOCK_TOLERANCE_SECONDS = 7_200;

/** Age in seconds from which an inviter signs its list anew: the next guest may come while it is away. */
const RENEWAL_SECONDS = 24 * 3_600;

/**
 * Signs and keeps the list of the members that may confirm the group to guests of this one. Members that its user has
 * verified come first, then those with the earliest leaves.
 *
 * @returns the encoded list; `undefined` if this member's leaf has no proof.
 */
export async function signOwnDeputies(tx: ActiveTransaction): Promise<Uint8Array | undefined> {
  const { env, state } = tx;
  const own = rosterEntryOf(state.group, env.self);
  if (own?.identityProof === undefined) return undefined;
  const { signatureKey, keySince, identityProof } = own;
  const list = await signDeputies(
    {
      groupId: state.group.groupId,
      issuedAt: Number(env.nowSeconds),
      inviter: { member: env.self, signatureKey, keySince, identityProof },
      deputies: candidates(tx).slice(0, MAX_DEPUTIES),
    },
    (label, content) => env.plugins.mls.sign(state.group, label, content),
  );
  keep(tx, env.self, list);
  return list;
}

/** Keeps a list that its inviter has sent. @returns whether it is one of that inviter for this group */
export function learnDeputies(tx: ActiveTransaction, bytes: Uint8Array, sender: MemberId): boolean {
  const list = readDeputies(bytes);
  if (list?.inviter.member !== sender || list.groupId !== tx.state.group.groupId) return false;
  const kept = tx.state.invitations.deputies.get(sender);
  const former = kept && readDeputies(kept);
  if (former === undefined || former.issuedAt <= list.issuedAt) keep(tx, sender, bytes);
  return true;
}

/** The list by which this member may confirm the group to guests of an inviter; `undefined` without one that is good. */
export function ownDeputation({ env, state }: ActiveTransaction, inviter: MemberId): Uint8Array | undefined {
  const bytes = state.invitations.deputies.get(inviter);
  const list = bytes && readDeputies(bytes);
  const isGood =
    list?.deputies.includes(env.self) === true && !isStaleList(list, env.nowSeconds, CLOCK_TOLERANCE_SECONDS);
  return isGood ? bytes : undefined;
}

/** Whether a member is on the list of an inviter. */
export function isDeputyOf({ state }: ActiveTransaction, member: MemberId, inviter: MemberId): boolean {
  const bytes = state.invitations.deputies.get(inviter);
  return bytes !== undefined && readDeputies(bytes)?.deputies.includes(member) === true;
}

/** Tells the members a new list if the present one is old, names a member that has gone, or has room for one more. */
export async function renewDeputies(tx: ActiveTransaction): Promise<void> {
  const { state } = tx;
  if (!asksForAdmission(tx) || standingOf(tx) === "catchingUp") return;
  const { deputies } = state.invitations;
  const isMember = (member: MemberId): boolean => state.group.members.includes(member);
  const kept = entriesWhere(deputies, isMember);
  if (kept !== deputies) update(tx, "invitations", { deputies: kept });
  const own = ownInvitation(tx);
  if (own === undefined || !isOutdated(tx)) return;
  const list = await signOwnDeputies(tx);
  if (list === undefined) return;
  const { id, expiresAt, memberKey } = own;
  const notice = { id: hexBytes(id), expiresAt, revoked: false, memberKey, deputies: list };
  await sealAndEnqueue(tx, { kind: "invitation_notice", ...notice });
}

/** Monotonic time at which the list of this member is a day old: former newcomers may be deputies by now. */
export function deputiesDueMs(tx: ActiveTransaction): number | undefined {
  const { env, state } = tx;
  const bytes = state.invitations.deputies.get(env.self);
  if (state.phase !== "working" || bytes === undefined || ownInvitation(tx) === undefined) return undefined;
  const issuedAt = readDeputies(bytes)?.issuedAt;
  if (issuedAt === undefined) return undefined;
  return env.nowMs + Math.max(0, issuedAt + RENEWAL_SECONDS + 1 - Number(env.nowSeconds)) * 1_000;
}

/** An invitation of this member that guests may still redeem. */
function ownInvitation({ env, state }: ActiveTransaction): KnownInvitation | undefined {
  return [...state.invitations.known.values()].findLast(
    ({ inviter, revoked }) => inviter === env.self && !revoked,
  );
}

function isOutdated(tx: ActiveTransaction): boolean {
  const { env, state } = tx;
  const bytes = state.invitations.deputies.get(env.self);
  const list = bytes && readDeputies(bytes);
  if (list === undefined || Number(env.nowSeconds) - list.issuedAt > RENEWAL_SECONDS) return true;
  const present = candidates(tx);
  return (
    list.deputies.length < Math.min(MAX_DEPUTIES, present.length) ||
    list.deputies.some((member) => !state.group.members.includes(member) || isPendingRemoval(state, member))
  );
}

/**
 * Members that can be deputies of this one, best first. Newcomers are among them only if its user has verified them.
 */
function candidates(tx: ActiveTransaction): readonly MemberId[] {
  const { env, state } = tx;
  const others = state.group.members.filter(
    (member) => member !== env.self && !isPendingRemoval(state, member) && !isAbsent(tx, member),
  );
  const isFirst = (member: MemberId): boolean => isVerified(state, member);
  const rest = others.filter((member) => !isFirst(member) && !isNewcomer(tx, member));
  return [...others.filter(isFirst), ...rest];
}

function keep(tx: ActiveTransaction, inviter: MemberId, list: Uint8Array): void {
  const { deputies } = tx.state.invitations;
  if (deputies.size >= LIMITS.deputyLists && !deputies.has(inviter)) return;
  update(tx, "invitations", { deputies: withEntry(deputies, inviter, list) });
}
