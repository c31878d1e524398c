import type { Packet } from "@demls/wire/core";
import { LIMITS } from "../model/limits.js";

/** What becomes of a packet at the door: `first-refused` is said once, until there is room again. */
export type Admission = "admitted" | "first-refused" | "refused";

/**
 * Counts the packets that wait for their step. A step takes a signature check or more, a forged packet
 * nothing to make: without a bound a flood would fill the memory. The newest packet is refused, since what
 * came before it may be what it depends on.
 */
export interface InboundQueue {
  /** Whether there is room for a packet; if so, it counts until it is released. */
  admit(packet: Packet): Admission;
  /** An admitted packet has been worked on. */
  release(packet: Packet): void;
}

export function createInboundQueue(): InboundQueue {
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
