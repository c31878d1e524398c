import type { Packet } from "@demls/wire/core";
import type { InboundOutcome } from "./inbound-outcome.js";
import { LIMITS, type EarlyPacket } from "./state.js";
import { emit, update, type Turn } from "./turn.js";

/**
 * Keeps a packet until its time comes: until the welcome is there, or the commit that opens its epoch.
 *
 * Such packets cannot be authenticated yet, so they are bounded in number, bytes and age; the oldest
 * give way. That a later epoch than the group's is seen is reported once in each epoch.
 */
export function bufferEarlyPacket(
  turn: Turn,
  packet: Packet,
  reason: "future-epoch" | "before-join",
  epoch?: bigint,
): InboundOutcome {
  const { state, env } = turn;
  update(turn, {
    earlyPackets: bounded([...state.earlyPackets, { packet, receivedMs: env.nowMs }], env.nowMs),
  });
  if (epoch !== undefined && state.group !== undefined && !state.gapReported) {
    update(turn, { gapReported: true });
    emit(turn, { kind: "epochGap", epoch: state.group.epoch, ahead: epoch });
  }
  return { kind: "buffered", reason };
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

function bounded(packets: readonly EarlyPacket[], nowMs: number): readonly EarlyPacket[] {
  let bytes = 0;
  const kept: EarlyPacket[] = [];
  for (const early of packets.toReversed()) {
    bytes += early.packet.payload.length;
    const fits = kept.length < LIMITS.earlyPackets && bytes <= LIMITS.earlyPacketBytes;
    if (!fits) break;
    if (nowMs - early.receivedMs <= LIMITS.earlyPacketAgeMs) kept.push(early);
  }
  return kept.toReversed();
}
