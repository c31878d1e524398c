import type { Packet } from "@demls/wire/core";
import { LIMITS } from "../model/limits.js";

/** Whether a packet is admitted. `first-refused` marks the first refusal of an overflow. */
export type AdmissionResult = "admitted" | "first-refused" | "refused";

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

export function createInboundAdmission(): InboundAdmission {
  let packets = 0;
  let bytes = 0;
  let isOverflowing = false;
  return {
    admit({ payload }) {
      const fits = packets < LIMITS.inboundPackets && bytes + payload.length <= LIMITS.inboundBytes;
      if (!fits) {
        const isFirst = !isOverflowing;
        isOverflowing = true;
        return isFirst ? "first-refused" : "refused";
      }
      packets += 1;
      bytes += payload.length;
      return "admitted";
    },
    release({ payload }) {
      packets -= 1;
      bytes -= payload.length;
      // The overflow ends when the queue is half empty: one free place does not mean that the flood is over.
      if (packets <= LIMITS.inboundPackets / 2 && bytes <= LIMITS.inboundBytes / 2) isOverflowing = false;
    },
  };
}
