import { noteGap } from "../epoch/index.js";
import type { Packet } from "@demls/wire/core";
import { handled, NO_FACTS, type Handled } from "../model/fact.js";
import { ignored } from "../model/inbound-outcome.js";
import { LIMITS } from "../model/limits.js";
import type { BufferedPacket } from "../model/messages.js";
import { emit, inGroup, update, type LiveTransaction, type Transaction } from "../model/transaction.js";

/**
 * Buffers a packet until it can be decrypted: until the welcome, or the commit of its epoch.
 *
 * Such a packet, including the `epoch` in its header, is not authenticated, so anyone on the network can forge any
 * number. The buffer is bounded in number, bytes, age and distance from the current epoch. Packets of the furthest
 * epoch are evicted first: they are the last to be usable and the easiest to forge.
 */
export function bufferPacket(
  tx: LiveTransaction,
  packet: Packet,
  reason: "future-epoch" | "before-join",
  epoch: bigint,
): Handled {
  const { state, env } = tx;
  reportGap(tx, epoch);
  const facts = inGroup(tx) ? ([{ kind: "packetUnreadable" }] as const) : NO_FACTS;
  if (inGroup(tx) && epoch > tx.state.group.epoch + BigInt(LIMITS.bufferedEpochs)) {
    return handled(ignored("epoch-out-of-reach"), facts);
  }
  const early = { packet, epoch, receivedMs: env.nowMs };
  const kept = bounded([...state.inbound.buffered, early], env.nowMs);
  update(tx, "inbound", { buffered: kept });
  const outcome = kept.includes(early) ? ({ kind: "buffered", reason } as const) : ignored("buffer-full");
  return handled(outcome, facts);
}

/** Empties the buffer and returns its packets that are not too old, to be handled again. */
export function takeBufferedPackets(tx: LiveTransaction): readonly BufferedPacket[] {
  const { buffered } = tx.state.inbound;
  if (buffered.length > 0) update(tx, "inbound", { buffered: [] });
  return bounded(buffered, tx.env.nowMs);
}

/** Restores the age of a packet that was buffered again. */
export function keepAge(tx: LiveTransaction, early: BufferedPacket): void {
  const { buffered } = tx.state.inbound;
  update(tx, "inbound", { buffered: buffered.map((kept) => (kept.packet === early.packet ? early : kept)) });
}

/** Emits `epochGap`, unless an equal or smaller gap was reported. */
function reportGap(tx: Transaction, claimed: bigint): void {
  if (!inGroup(tx)) return;
  const { group, epoch } = tx.state;
  const { gapReported } = epoch;
  const furthest = group.epoch + BigInt(LIMITS.epochGap);
  const ahead = claimed < furthest ? claimed : furthest;
  if (gapReported !== undefined && gapReported <= ahead) return;
  noteGap(tx, ahead);
  emit(tx, { kind: "epochGap", epoch: group.epoch, ahead });
}

/** The packets to keep, in order of arrival: nearest epochs first, and the newest of each. */
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
