import type { Packet } from "@demls/wire/core";
import { ignored, type InboundOutcome } from "./inbound-outcome.js";
import { LIMITS } from "./limits.js";
import type { EarlyPacket } from "./state.js";
import { emit, update, type Turn } from "./turn.js";

/**
 * Keeps a packet until its time comes: until the welcome is there, or the commit that opens its epoch.
 *
 * Nothing in such a packet can be authenticated yet, the `epoch` that its header claims included, so anyone
 * on the network can write any number of them. They are bounded in number, bytes and age, and in how far
 * ahead of the group they may be. What claims the furthest epoch gives way first: it is the last that could
 * be used, and the cheapest to invent.
 */
export function bufferEarlyPacket(
  turn: Turn,
  packet: Packet,
  reason: "future-epoch" | "before-join",
  epoch: bigint,
): InboundOutcome {
  const { state, env } = turn;
  reportGap(turn, epoch);
  if (state.group !== undefined && epoch > state.group.epoch + BigInt(LIMITS.earlyEpochs)) {
    return ignored("epoch-out-of-reach");
  }
  const early = { packet, epoch, receivedMs: env.nowMs };
  const kept = bounded([...state.earlyPackets, early], env.nowMs);
  update(turn, { earlyPackets: kept });
  return kept.includes(early) ? { kind: "buffered", reason } : ignored("buffer-full");
}

/** Takes out everything that is buffered and not too old: the caller tries it again. */
export function takeEarlyPackets(turn: Turn): readonly EarlyPacket[] {
  const fresh = bounded(turn.state.earlyPackets, turn.env.nowMs);
  if (turn.state.earlyPackets.length > 0) update(turn, { earlyPackets: [] });
  return fresh;
}

/** Gives a packet that had to be buffered again the age it had: being tried makes it no younger. */
export function keepAge(turn: Turn, early: EarlyPacket): void {
  const { earlyPackets } = turn.state;
  update(turn, { earlyPackets: earlyPackets.map((kept) => (kept.packet === early.packet ? early : kept)) });
}

/** Says that a later epoch is claimed, unless as near a one was; see the `epochGap` event. */
function reportGap(turn: Turn, claimed: bigint): void {
  const { group, gapReported } = turn.state;
  if (group === undefined) return;
  const furthest = group.epoch + BigInt(LIMITS.epochGap);
  const ahead = claimed < furthest ? claimed : furthest;
  if (gapReported !== undefined && gapReported <= ahead) return;
  update(turn, { gapReported: ahead });
  emit(turn, { kind: "epochGap", epoch: group.epoch, ahead });
}

/** What is kept of `packets`, in order of arrival: first those of the nearest epochs, of each the youngest. */
function bounded(packets: readonly EarlyPacket[], nowMs: number): readonly EarlyPacket[] {
  const byWorth = packets
    .filter(({ receivedMs }) => nowMs - receivedMs <= LIMITS.earlyPacketAgeMs)
    .toReversed()
    .sort((a, b) => (a.epoch === b.epoch ? 0 : a.epoch < b.epoch ? -1 : 1));
  const ofEpoch = new Map<bigint, number>();
  const kept = new Set<EarlyPacket>();
  let bytes = 0;
  for (const early of byWorth) {
    const before = ofEpoch.get(early.epoch) ?? 0;
    if (before >= LIMITS.earlyPacketsPerEpoch) continue;
    bytes += early.packet.payload.length;
    if (kept.size >= LIMITS.earlyPackets || bytes > LIMITS.earlyPacketBytes) break;
    ofEpoch.set(early.epoch, before + 1);
    kept.add(early);
  }
  return packets.filter((early) => kept.has(early));
}
