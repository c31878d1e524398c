import type { Packet } from "@demls/wire/core";
import { LIMITS } from "../model/limits.js";

/** Whether a packet is admitted: `first-refused` is said once, until there is room again. */
export type AdmissionResult = "admitted" | "first-refused" | "refused";

/**
 * Admission of packets from the network. It counts those that wait for their step, and holds none of them. A step takes
 * a signature check or more, a forged packet nothing to make: without a bound a flood would fill the memory. The newest
 * packet is refused, since it may depend on those before it.
 */
export interface InboundAdmission {
  /** Whether there is room for a packet; if so, it counts until it is released. */
  admit(packet: Packet): AdmissionResult;
  /** An admitted packet has been worked on. */
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
      // Half empty: one step's room in a flood that goes on is no end of it.
      if (packets <= LIMITS.inboundPackets / 2 && bytes <= LIMITS.inboundBytes / 2) isOverflowing = false;
    },
  };
}
