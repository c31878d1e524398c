import type { Packet } from "@demls/wire/core";
import { ignored, type InboundOutcome } from "../model/inbound-outcome.js";
import { LIMITS } from "../model/limits.js";
import type { BufferedPacket } from "../model/messages.js";
import { emit, inGroup, update, type LiveTransaction, type Transaction } from "../model/transaction.js";

/**
 * Keeps a packet until its time comes: until the welcome is there, or the commit that opens its epoch.
 *
 * Nothing in such a packet can be authenticated yet, the `epoch` that its header claims included, so anyone
 * on the network can write any number of them. They are bounded in number, bytes and age, and in how far
 * ahead of the group they may be. What claims the furthest epoch gives way first: it is the last that could
 * be used, and the cheapest to invent.
 */
export function bufferPacket(
  tx: LiveTransaction,
  packet: Packet,
  reason: "future-epoch" | "before-join",
  epoch: bigint,
): InboundOutcome {
  const { state, env } = tx;
  reportGap(tx, epoch);
  if (inGroup(tx) && epoch > tx.state.group.epoch + BigInt(LIMITS.bufferedEpochs)) {
    return ignored("epoch-out-of-reach");
  }
  const early = { packet, epoch, receivedMs: env.nowMs };
  const kept = bounded([...state.inbound.buffered, early], env.nowMs);
  update(tx, "inbound", { buffered: kept });
  return kept.includes(early) ? { kind: "buffered", reason } : ignored("buffer-full");
}

/** Takes out everything that is buffered and not too old: the caller tries it again. */
export function takeBufferedPackets(tx: LiveTransaction): readonly BufferedPacket[] {
  const { buffered } = tx.state.inbound;
  if (buffered.length > 0) update(tx, "inbound", { buffered: [] });
  return bounded(buffered, tx.env.nowMs);
}

/** Gives a packet that had to be buffered again the age it had: being tried makes it no younger. */
export function keepAge(tx: LiveTransaction, early: BufferedPacket): void {
  const { buffered } = tx.state.inbound;
  update(tx, "inbound", { buffered: buffered.map((kept) => (kept.packet === early.packet ? early : kept)) });
}

/** Says that a later epoch is claimed, unless as near a one was; see the `epochGap` event. */
function reportGap(tx: Transaction, claimed: bigint): void {
  if (!inGroup(tx)) return;
  const { group, epoch } = tx.state;
  const { gapReported } = epoch;
  const furthest = group.epoch + BigInt(LIMITS.epochGap);
  const ahead = claimed < furthest ? claimed : furthest;
  if (gapReported !== undefined && gapReported <= ahead) return;
  update(tx, "epoch", { gapReported: ahead });
  emit(tx, { kind: "epochGap", epoch: group.epoch, ahead });
}

/** What is kept of `packets`, in order of arrival: first those of the nearest epochs, of each the youngest. */
function bounded(packets: readonly BufferedPacket[], nowMs: number): readonly BufferedPacket[] {
  const byWorth = packets
    .filter(({ receivedMs }) => nowMs - receivedMs <= LIMITS.bufferedPacketAgeMs)
    .toReversed()
    .sort((a, b) => (a.epoch === b.epoch ? 0 : a.epoch < b.epoch ? -1 : 1));
  const ofEpoch = new Map<bigint, number>();
  const kept = new Set<BufferedPacket>();
  let bytes = 0;
  for (const early of byWorth) {
    const before = ofEpoch.get(early.epoch) ?? 0;
    if (before >= LIMITS.bufferedPacketsPerEpoch) continue;
    bytes += early.packet.payload.length;
    if (kept.size >= LIMITS.bufferedPackets || bytes > LIMITS.bufferedPacketBytes) break;
    ofEpoch.set(early.epoch, before + 1);
    kept.add(early);
  }
  return packets.filter((early) => kept.has(early));
}
