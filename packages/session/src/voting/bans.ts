import type { Ban as WireBan, BanMemory } from "@demls/wire";
import { DemlsError, memberIdFromBytes, memberIdToBytes, type MemberId } from "@demls/wire/core";
import { sealAndEnqueue } from "../messages/send.js";
import type { Ban } from "../model/bans.js";
import type { ApprovedChange } from "../model/changes.js";
import { accepted, ignored, type InboundOutcome } from "../model/inbound-outcome.js";
import { LIMITS } from "../model/limits.js";
import { withEntry } from "../model/persistent-collections.js";
import { removalTarget } from "../model/request.js";
import { emit, policyOf, update, type ActiveTransaction } from "../model/transaction.js";
import { isCatchingUp } from "../repair/catch-up.js";
import { notCaughtUp } from "./not-caught-up.js";
import { forgetRefusal } from "./refusals.js";
import { isLeaveOf } from "./self-leave.js";

/** The ban of a member that was removed, unless it has ended or was lifted. */
export function banOf({ env, state }: ActiveTransaction, member: MemberId): Ban | undefined {
  const ban = state.bans.members.get(member);
  return ban !== undefined && !ban.lifted && ban.until > env.nowSeconds ? ban : undefined;
}

/** Notes the members that a commit has removed without their consent, and forgets the bans of those that it has added. */
export function noteBans(tx: ActiveTransaction, committed: readonly ApprovedChange[]): void {
  if (!policyOf(tx).remembersBans) return;
  const banned = new Map<MemberId, Ban>();
  const ban = { epoch: tx.state.group.epoch, until: latestEnd(tx), lifted: false };
  for (const { request } of committed) {
    const target = removalTarget(request);
    const isLeave = committed.some((change) => target !== undefined && isLeaveOf(target, change));
    if (target !== undefined && !isLeave) banned.set(target, ban);
  }
  learn(tx, banned);
}

/** The bans that this member knows, for a record or a ConversationSync; undefined in a mode without them. */
export function banMemory(tx: ActiveTransaction): BanMemory | undefined {
  if (!policyOf(tx).remembersBans) return undefined;
  return {
    memoryMs: BigInt(tx.state.config.banMemoryMs),
    bans: [...tx.state.bans.members].map(([member, ban]) => ({ member: memberIdToBytes(member), ...ban })),
  };
}

/** Reason to reject the bans of any sender. It depends on them and on the epoch alone, so that honest members agree. */
export function bansFlaw(tx: ActiveTransaction, { bans }: BanMemory): string | undefined {
  const isFlawed = ({ member, epoch }: WireBan): boolean =>
    member.length > LIMITS.bannedIdBytes || epoch > tx.state.group.epoch;
  return bans.length > LIMITS.bans || bans.some(isFlawed) ? "bans" : undefined;
}

/** Learns the bans of a record or a ConversationSync. None lasts longer than one that begins now. */
export function adoptBans(tx: ActiveTransaction, { bans }: BanMemory): void {
  if (!policyOf(tx).remembersBans) return;
  const latest = latestEnd(tx);
  const stated = bans.map(({ member, epoch, until, lifted }): [MemberId, Ban] => [
    memberIdFromBytes(member),
    { epoch, until: until < latest ? until : latest, lifted },
  ]);
  const banned = stated.filter(([member]) => banOf(tx, member) !== undefined);
  learn(tx, new Map(stated));
  for (const [member] of banned)
    if (tx.state.bans.members.get(member)?.lifted === true) noteLifted(tx, member, undefined);
}

/**
 * Lifts a ban here and at the other members.
 *
 * @throws DemlsError `wrong-mode`, `not-banned`, `wrong-phase`.
 */
export async function unban(tx: ActiveTransaction, member: MemberId): Promise<void> {
  if (!policyOf(tx).remembersBans) throw wrongMode();
  if (banOf(tx, member) === undefined) throw notBanned();
  // The others may have gone on, and could not read the message.
  if (isCatchingUp(tx)) throw notCaughtUp();
  await sealAndEnqueue(tx, { kind: "unban", member: memberIdToBytes(member) });
  lift(tx, member, tx.env.self);
}

/**
 * Handles the message by which another member lifts a ban. A removed member still has the keys of the epoch before: its
 * own ban began later.
 *
 * @param epoch - epoch of its encryption: the current or the previous one.
 */
export function receiveUnban(
  tx: ActiveTransaction,
  bytes: Uint8Array,
  sender: MemberId,
  epoch: bigint,
): InboundOutcome {
  if (!policyOf(tx).remembersBans) return ignored("empty-message");
  const member = memberIdFromBytes(bytes);
  const ban = banOf(tx, member);
  if (ban === undefined || ban.epoch > epoch) return ignored("not-banned");
  lift(tx, member, sender);
  return accepted("unban", sender);
}

function lift(tx: ActiveTransaction, member: MemberId, by: MemberId): void {
  const { members } = tx.state.bans;
  const ban = members.get(member);
  if (ban === undefined) return;
  update(tx, "bans", { members: withEntry(members, member, { ...ban, lifted: true }) });
  noteLifted(tx, member, by);
}

/** A member that may be let in again is asked about, also after the members had voted it down. */
function noteLifted(tx: ActiveTransaction, member: MemberId, by: MemberId | undefined): void {
  forgetRefusal(tx, member);
  emit(tx, { kind: "unbanned", member, by });
}

/** Adds bans to those that this member knows, in any order with the same result, and drops the ended ones. */
function learn(tx: ActiveTransaction, learned: ReadonlyMap<MemberId, Ban>): void {
  const known = tx.state.bans.members;
  if (known.size + learned.size === 0) return;
  const all = new Map(known);
  for (const [member, ban] of learned) all.set(member, laterBan(all.get(member), ban));
  const present = new Set(tx.state.group.members);
  const kept = [...all]
    .filter(([member, { until }]) => until > tx.env.nowSeconds && !present.has(member))
    .filter(([member]) => memberIdToBytes(member).length <= LIMITS.bannedIdBytes)
    .sort(([a, { until }], [b, { until: other }]) => Number(other - until) || (a < b ? -1 : 1))
    .slice(0, LIMITS.bans);
  update(tx, "bans", { members: new Map(kept) });
}

/** The later of two bans of one member. Of the same removal, a ban that was lifted stays so. */
function laterBan(a: Ban | undefined, b: Ban): Ban {
  if (a === undefined || a.epoch < b.epoch) return b;
  if (a.epoch > b.epoch) return a;
  const lasts = a.until >= b.until ? a : b;
  return lasts.lifted === (a.lifted || b.lifted) ? lasts : { ...lasts, lifted: true };
}

/** End of a ban that begins now. */
function latestEnd({ env, state }: ActiveTransaction): bigint {
  return env.nowSeconds + BigInt(Math.floor(state.config.banMemoryMs / 1_000));
}

function wrongMode(): DemlsError<"wrong-mode"> {
  return new DemlsError("wrong-mode", {
    message: "A de-mls-3 conversation remembers no bans.",
    remedy: "No action is needed: the members vote on each joiner.",
  });
}

function notBanned(): DemlsError<"not-banned"> {
  return new DemlsError("not-banned", {
    message: "This member is not banned, or its ban has ended or was lifted.",
    field: "member",
    remedy: "Use an id from the conversation's bans.",
  });
}
