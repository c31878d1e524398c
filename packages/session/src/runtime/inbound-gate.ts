import type { Clock, Packet } from "@demls/wire/core";
import type { IgnoredReason } from "../model/inbound-outcome.js";
import { LIMITS } from "../model/limits.js";
import { createRecentAnnouncements } from "./recent-announcements.js";

/** Whether a packet is admitted. */
export interface GateResult {
  /** Reason for which it is not: the queue is full, or it is an announcement that was admitted a moment ago. */
  readonly refusal: Extract<IgnoredReason, "queue-full" | "repeated-announcement"> | undefined;
  /** Whether it is the first one that an overflow of the queue refuses. */
  readonly isFirst: boolean;
}

/**
 * Bound on the packets that wait for their step, in one conversation and in all of a user; it counts them but does not hold them. A forged packet is free to
 * make, but its step takes at least a signature check, so an unbounded queue would fill the memory. The newest packet
 * is refused, because it may depend on earlier ones.
 */
export interface InboundGate {
  /** Whether there is room for a packet; if so, it counts until it is released. */
  admit(packet: Packet): GateResult;
  /** Stops counting an admitted packet after its step. */
  release(packet: Packet): void;
}

/** Packets that wait in all conversations of a user. */
export interface InboundLoad {
  packets: number;
  bytes: number;
}

/** @param all - is kept up to date by the gates of all conversations. */
export function createInboundGate(clock: Pick<Clock, "monotonicMs">, all: InboundLoad): InboundGate {
  const announcements = createRecentAnnouncements(clock);
  let packets = 0;
  let bytes = 0;
  let isOverflowing = false;

  function count(change: 1 | -1, { payload }: Packet): void {
    packets += change;
    bytes += change * payload.length;
    all.packets += change;
    all.bytes += change * payload.length;
  }

  function fits({ payload: { length } }: Packet): boolean {
    // So a flood in one conversation does not hold up the others.
    if (packets === 0) return true;
    return (
      packets < LIMITS.inboundPackets &&
      bytes + length <= LIMITS.inboundBytes &&
      all.packets < LIMITS.inboundPacketsOfAll &&
      all.bytes + length <= LIMITS.inboundBytesOfAll
    );
  }

  return {
    admit(packet) {
      if (announcements.isRepeated(packet)) return { refusal: "repeated-announcement", isFirst: false };
      if (!fits(packet)) {
        const isFirst = !isOverflowing;
        isOverflowing = true;
        return { refusal: "queue-full", isFirst };
      }
      announcements.note(packet);
      count(1, packet);
      return { refusal: undefined, isFirst: false };
    },
    release(packet) {
      count(-1, packet);
      // The overflow ends when the queue is half empty: one free place does not mean that the flood is over.
      if (packets <= LIMITS.inboundPackets / 2 && bytes <= LIMITS.inboundBytes / 2) isOverflowing = false;
    },
  };
}
