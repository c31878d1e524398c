import { repairsGaps } from "../model/abilities.js";
import type { GenerationRange } from "@demls/wire";
import { bytesEqual } from "@demls/wire/core";
import { LIMITS } from "../model/limits.js";
import type { ChosenBy, LoggedPacket, PacketSlot } from "../model/repair.js";
import { COMMIT_ID_DIGITS, isSameSlot, slotsIn } from "../model/packet-slots.js";
import { update, type ActiveTransaction } from "../model/transaction.js";
import { hasPacket, rangesOf, type Progress } from "./progress.js";
import { choicesIn } from "../model/choices.js";

/** Keeps a packet for members that lack it. Only authenticated packets are kept, each once. */
export function logPacket(tx: ActiveTransaction, epoch: bigint, slot: PacketSlot, payload: Uint8Array): void {
  if (!repairsGaps(tx)) return;
  const { log } = tx.state.repair;
  if (log.some((entry) => entry.epoch === epoch && isSameSlot(entry.slot, slot))) return;
  const entry: LoggedPacket = { epoch, slot, payload, atMs: tx.env.nowMs };
  const { group, branches, evidence } = tx.state;
  const all = [...log, entry];
  const isKept = ({ epoch: of, slot: { kind } }: LoggedPacket): boolean =>
    kind === "choice" &&
    (of === group.epoch ||
      branches.forks.has(of) ||
      evidence.equivocations.some((each) => each.epoch === of));
  update(tx, "repair", { log: bounded(all, entry, isKept, keptTimes(tx)) });
}

/** Multiple of the bounds that this member keeps. */
export function keptTimes({ state }: ActiveTransaction): number {
  return state.config.archive ? LIMITS.archiveFactor : 1;
}

/**
 * The log within its bounds after `added`: the sender's oldest packet is evicted beyond its number, then the oldest of
 * the sender with the most bytes. The choices of the current epoch, of forks and of epochs with an equivocation stay: their
 * number is limited, a member without the record of its own might choose again, and the others prove an equivocation.
 */
function bounded(
  log: readonly LoggedPacket[],
  added: LoggedPacket,
  isKept: (entry: LoggedPacket) => boolean,
  times: number,
): readonly LoggedPacket[] {
  const ofSender = log.filter((entry) => hasSameSender(entry, added));
  const surplus = ofSender.length > times * LIMITS.loggedPacketsPerSender ? ofSender[0] : undefined;
  let kept = surplus === undefined ? log : log.filter((entry) => entry !== surplus);
  for (;;) {
    const bytes = kept.reduce((sum, { payload }) => sum + payload.length, 0);
    if (kept.length <= times * LIMITS.loggedPackets && bytes <= times * LIMITS.loggedBytes) return kept;
    const victim = oldestOfLargestSender(kept.filter((each) => !isKept(each)));
    if (victim === undefined) return kept;
    kept = kept.filter((entry) => entry !== victim);
  }
}

function oldestOfLargestSender(log: readonly LoggedPacket[]): LoggedPacket | undefined {
  const bytesOf = new Map<string, number>();
  for (const entry of log) {
    const sender = senderOf(entry);
    bytesOf.set(sender, (bytesOf.get(sender) ?? 0) + entry.payload.length);
  }
  const [largest] = [...bytesOf].sort(([, a], [, b]) => b - a)[0] ?? [];
  return log.find((entry) => senderOf(entry) === largest);
}

/** Whether two packets are of one sender and epoch; all candidates of an epoch count as one sender's. */
function hasSameSender(a: LoggedPacket, b: LoggedPacket): boolean {
  if (a.epoch !== b.epoch || a.slot.kind !== b.slot.kind) return false;
  return a.slot.kind === "candidate" || b.slot.kind === "candidate" || a.slot.position === b.slot.position;
}

function senderOf({ epoch, slot }: LoggedPacket): string {
  return `${epoch}/${slot.kind === "message" ? slot.position : slot.kind}`;
}

/** Logged packets of an epoch that a member with `progress` lacks, oldest first. */
export function packetsLackedBy(
  { state }: ActiveTransaction,
  epoch: bigint,
  progress: Progress,
): readonly LoggedPacket[] {
  return state.repair.log.filter((entry) => entry.epoch === epoch && !hasPacket(progress, entry.slot));
}

/** The log's entry of a packet. */
export function loggedAs(
  { state }: ActiveTransaction,
  epoch: bigint,
  payload: Uint8Array,
): LoggedPacket | undefined {
  return state.repair.log.find((entry) => entry.epoch === epoch && bytesEqual(entry.payload, payload));
}

/** Ids of the logged candidates of an epoch. */
export function loggedCandidates(tx: ActiveTransaction, epoch: bigint): readonly string[] {
  return slotsIn(tx.state.repair, epoch, "candidate").map(({ id }) => id);
}

/** Logged choices of an epoch, by commit. */
export function loggedChoices(tx: ActiveTransaction, epoch: bigint): readonly ChosenBy[] {
  const chosen = new Map<string, number[]>();
  for (const { commit, position } of choicesIn(tx.state.repair, epoch)) {
    const id = commit.slice(0, COMMIT_ID_DIGITS);
    chosen.set(id, [...(chosen.get(id) ?? []), position]);
  }
  return [...chosen].map(([commit, positions]) => ({ commit, positions }));
}

/**
 * Own generations below `next` that carry no packet: skipped at a restart, or never published. Generations before the
 * oldest logged own packet are left out once the log has evicted some, since other members may still have these. Empty
 * while others may have own packets of the epoch that this member does not know.
 *
 * @param next - by default, the generation after the last packet.
 */
export function ownVoids(
  tx: ActiveTransaction,
  epoch: bigint,
  position: number,
  next?: number,
): readonly GenerationRange[] {
  const { unconfirmed } = tx.state.repair;
  if (unconfirmed !== undefined && epoch >= unconfirmed.epoch) return [];
  const own = slotsIn(tx.state.repair, epoch, "message").filter((slot) => slot.position === position);
  const served = new Set(own.map(({ generation }) => generation));
  const first = served.size < keptTimes(tx) * LIMITS.loggedPacketsPerSender ? 0 : Math.min(...served);
  const length = next ?? Math.max(-1, ...served) + 1;
  const voids = Array.from({ length }, (_, generation) => generation).filter(
    (each) => each >= first && !served.has(each),
  );
  return rangesOf(0, voids).slice(-LIMITS.repairRanges);
}

/** Own generations without a packet that a member with `progress` lacks, at this member's `position`. */
export function voidsLackedBy(
  tx: ActiveTransaction,
  epoch: bigint,
  position: number,
  { missing }: Progress,
): readonly GenerationRange[] {
  const lacked = missing.filter((range) => range.position === position);
  if (lacked.length === 0) return [];
  return ownVoids(tx, epoch, position).filter(({ from, count }) =>
    lacked.some((range) => range.from < from + count && from < range.from + range.count),
  );
}
