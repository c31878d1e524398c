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
import { notCaughtUp } from "./not-caught-up.js";
import { forgetRefusal, noteBannedJoiner } from "./refusals.js";
import { standingOf } from "../standing/index.js";
import { isLeaveOf } from "../model/leaves.js";

function remembersBans(tx: ActiveTransaction): boolean {
  return policyOf(tx).remembersBans;
}

/** The ban of a member that was removed, unless it has ended or was lifted. */
export function banOf({ env, state }: ActiveTransaction, member: MemberId): Ban | undefined {
  const ban = state.bans.members.get(member);
  return ban !== undefined && !ban.lifted && ban.until > env.nowSeconds ? ban : undefined;
}

/** Whether a joiner is banned. Its key package is noted then, so that it can be told. */
export function turnsAwayBanned(tx: ActiveTransaction, joiner: MemberId, reference: string): boolean {
  if (banOf(tx, joiner) === undefined) return false;
  noteBannedJoiner(tx, joiner, reference);
  return true;
}

/**
 * Notes the members that a commit has removed without their consent, or whose removal was approved besides their leave, and
 * forgets the bans of those that it has added.
 */
export function noteBans(tx: ActiveTransaction, committed: readonly ApprovedChange[]): void {
  if (!remembersBans(tx)) return;
  const { condemned, leavers } = tx.state.bans;
  const { epoch, members } = tx.state.group;
  const banned = new Set<MemberId>();
  const left: MemberId[] = [];
  for (const { request } of committed) {
    const target = removalTarget(request);
    if (target === undefined) continue;
    const isLeave = committed.some((change) => isLeaveOf(target, change));
    if (isLeave && !condemned.includes(target)) left.push(target);
    else banned.add(target);
  }
  const gone = [...leavers].filter(([member]) => !members.includes(member) && !left.includes(member));
  const all = [...gone, ...left.map((member): [MemberId, bigint] => [member, epoch])];
  update(tx, "bans", {
    leavers: new Map(all.slice(-LIMITS.leavers)),
    condemned: condemned.filter((member) => members.includes(member)),
  });
  witness(tx, banned, epoch);
}

/**
 * Notes the approval of a removal whose target leaves: a leave does not escape a ban. The votes decide, before or after
 * the commit of the leave.
 */
export function noteApprovedRemoval(tx: ActiveTransaction, target: MemberId, proposer: MemberId): void {
  if (!remembersBans(tx) || proposer === target) return;
  const { condemned, leavers } = tx.state.bans;
  const { approved } = tx.state.changes;
  const epoch = leavers.get(target);
  if (tx.state.group.members.includes(target)) {
    const isLeaving = approved.some((change) => isLeaveOf(target, change));
    if (isLeaving && !condemned.includes(target)) update(tx, "bans", { condemned: [...condemned, target] });
  } else if (epoch !== undefined) witness(tx, new Set([target]), epoch);
}

/** The bans that this member knows, for a record or a ConversationSync; undefined in a mode without them. */
export function banMemory(tx: ActiveTransaction): BanMemory | undefined {
  if (!remembersBans(tx)) return undefined;
  return {
    memoryMs: BigInt(tx.state.config.banMemoryMs),
    bans: [...tx.state.bans.members].map(([member, { epoch, until, lifted }]) => ({
      ...{ member: memberIdToBytes(member), epoch, until, lifted },
    })),
  };
}

/** Reason to reject the bans of any sender. It depends on them and on the epoch alone, so that honest members agree. */
export function bansFlaw(tx: ActiveTransaction, { bans }: BanMemory): string | undefined {
  const isFlawed = ({ member, epoch }: WireBan): boolean =>
    member.length > LIMITS.bannedIdBytes || epoch > tx.state.group.epoch;
  return bans.length > LIMITS.bans || bans.some(isFlawed) ? "bans" : undefined;
}

/** Learns the bans of a ConversationSync, which a joiner cannot know yet. None lasts longer than one that begins now. */
export function adoptBans(tx: ActiveTransaction, { bans }: BanMemory): void {
  if (!remembersBans(tx) || bans.length === 0) return;
  const known = current(tx);
  const before = new Map(known);
  for (const [member, ban] of bans.map((each) => toldBan(tx, each))) {
    const one = known.get(member);
    if (!isNotable(tx, member, ban) || (one === undefined && known.size >= LIMITS.bans)) continue;
    known.set(member, laterBan(one, ban));
  }
  update(tx, "bans", { members: sorted(known) });
  for (const [member, { lifted }] of before)
    if (!lifted && known.get(member)?.lifted === true) noteLifted(tx, member, undefined);
}

/**
 * Learns some new bans from a commit's record, for which `author` alone vouches. A record ends and displaces none. The
 * records of two authors lift a ban, since this member may have missed the message that lifted it.
 *
 * @returns the members whose bans are new here.
 */
export function learnRecordedBans(
  tx: ActiveTransaction,
  { bans }: BanMemory,
  author: MemberId,
): readonly MemberId[] {
  if (!remembersBans(tx)) return [];
  const learned: MemberId[] = [];
  const lifted: MemberId[] = [];
  const known = current(tx);
  for (const [member, ban] of bans.map((each) => toldBan(tx, each))) {
    const one = known.get(member);
    if (!isNotable(tx, member, ban)) continue;
    if (ban.lifted) {
      if (one?.epoch !== ban.epoch || one.lifted || one.liftToldBy === author) continue;
      const isLifted = one.liftToldBy !== undefined;
      known.set(member, isLifted ? { ...one, lifted: true } : { ...one, liftToldBy: author });
      if (isLifted) lifted.push(member);
    } else if (one === undefined ? known.size < LIMITS.bans : one.epoch < ban.epoch) {
      if (learned.length >= LIMITS.toldBans) continue;
      known.set(member, { ...ban, told: one?.told ?? true });
      learned.push(member);
    }
  }
  update(tx, "bans", { members: sorted(known) });
  for (const member of lifted) noteLifted(tx, member, undefined);
  return learned;
}

function toldBan(tx: ActiveTransaction, { member, epoch, until, lifted }: WireBan): [MemberId, Ban] {
  const latest = latestEnd(tx);
  const ends = until < latest ? until : latest;
  return [memberIdFromBytes(member), { epoch, until: ends, lifted, told: true, liftToldBy: undefined }];
}

/**
 * Lifts a ban here and at the other members.
 *
 * @throws DemlsError `wrong-mode`, `not-banned`, `wrong-phase`.
 */
export async function unban(tx: ActiveTransaction, member: MemberId): Promise<void> {
  if (!remembersBans(tx)) throw wrongMode();
  if (banOf(tx, member) === undefined) throw notBanned();
  // The others may have gone on, and could not read the message.
  if (standingOf(tx) === "catchingUp") throw notCaughtUp();
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
  if (!remembersBans(tx)) return ignored("empty-message");
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

/** An unbanned member may ask again, even if a vote had refused it. */
function noteLifted(tx: ActiveTransaction, member: MemberId, by: MemberId | undefined): void {
  forgetRefusal(tx, member);
  emit(tx, { kind: "unbanned", member, by });
}

/** Notes the bans that begin with an epoch, as the votes have decided. Beyond the bound, see `LIMITS.bans`. */
function witness(tx: ActiveTransaction, members: ReadonlySet<MemberId>, epoch: bigint): void {
  const known = current(tx);
  const ban = { epoch, until: latestEnd(tx), lifted: false, told: false, liftToldBy: undefined };
  for (const member of members)
    if (isNotable(tx, member, ban)) known.set(member, laterBan(known.get(member), ban));
  const kept = [...known]
    .sort(
      ([a, one], [b, other]) =>
        Number(one.told) - Number(other.told) ||
        Number(one.lifted) - Number(other.lifted) ||
        byEnd([a, one], [b, other]),
    )
    .slice(0, LIMITS.bans);
  update(tx, "bans", { members: sorted(new Map(kept)) });
}

/** The bans that have not ended, of members that are not present. */
function current(tx: ActiveTransaction): Map<MemberId, Ban> {
  return new Map([...tx.state.bans.members].filter(([member, ban]) => isNotable(tx, member, ban)));
}

function isNotable({ env, state }: ActiveTransaction, member: MemberId, { until }: Ban): boolean {
  const isShort = memberIdToBytes(member).length <= LIMITS.bannedIdBytes;
  return isShort && until > env.nowSeconds && !state.group.members.includes(member);
}

function sorted(bans: ReadonlyMap<MemberId, Ban>): ReadonlyMap<MemberId, Ban> {
  return new Map([...bans].sort(byEnd));
}

function byEnd([a, { until }]: [MemberId, Ban], [b, { until: other }]: [MemberId, Ban]): number {
  return Number(other - until) || (a < b ? -1 : 1);
}

/** The later of two bans of one member. Of the same removal, a ban that was lifted stays so. */
function laterBan(a: Ban | undefined, b: Ban): Ban {
  if (a === undefined || a.epoch < b.epoch) return b;
  if (a.epoch > b.epoch) return a;
  const lasts = a.until >= b.until ? a : b;
  return { ...lasts, lifted: a.lifted || b.lifted, told: a.told && b.told };
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
