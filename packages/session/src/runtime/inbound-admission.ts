import type { Clock, Packet } from "@demls/wire/core";
import type { IgnoredReason } from "../model/inbound-outcome.js";
import { LIMITS } from "../model/limits.js";
import { createHeardAnnouncements } from "./heard-announcements.js";

/** Whether a packet is admitted. */
export interface AdmissionResult {
  /** Reason for which it is not: the queue is full, or it is an announcement that was admitted a moment ago. */
  readonly refusal: Extract<IgnoredReason, "queue-full" | "repeated-announcement"> | undefined;
  /** Whether it is the first one that an overflow of the queue refuses. */
  readonly isFirst: boolean;
}

/**
 * Bound on the packets that wait for their step; it counts them but does not hold them. A forged packet is free to
 * make, but its step takes at least a signature check, so an unbounded queue would fill the memory. The newest packet
 * is refused, because it may depend on earlier ones.
 */
export interface InboundAdmission {
  /** Whether there is room for a packet; if so, it counts until it is released. */
  admit(packet: Packet): AdmissionResult;
  /** Stops counting an admitted packet after its step. */
  release(packet: Packet): void;
}

export function createInboundAdmission(clock: Pick<Clock, "monotonicMs">): InboundAdmission {
  const announcements = createHeardAnnouncements(clock);
  let packets = 0;
  let bytes = 0;
  let isOverflowing = false;
  return {
    admit(packet) {
      const { payload } = packet;
      if (announcements.isRepeated(packet)) return { refusal: "repeated-announcement", isFirst: false };
      const fits = packets < LIMITS.inboundPackets && bytes + payload.length <= LIMITS.inboundBytes;
      if (!fits) {
        const isFirst = !isOverflowing;
        isOverflowing = true;
        return { refusal: "queue-full", isFirst };
      }
      announcements.note(packet);
      packets += 1;
      bytes += payload.length;
      return { refusal: undefined, isFirst: false };
    },
    release({ payload }) {
      packets -= 1;
      bytes -= payload.length;
      // The overflow ends when the queue is half empty: one free place does not mean that the flood is over.
      if (packets <= LIMITS.inboundPackets / 2 && bytes <= LIMITS.inboundBytes / 2) isOverflowing = false;
    },
  };
}
