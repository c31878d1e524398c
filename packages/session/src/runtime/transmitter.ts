import type { Clock, Packet, Transport } from "@demls/wire/core";
import { LIMITS } from "../model/limits.js";
import { withinTime } from "./time-limit.js";

/** Publishes packets that need not arrive. */
export interface Transmitter {
  /** Publishes a packet once. Beyond the bound of packets under way it is dropped. */
  transmit(packet: Packet): void;
}

export function createTransmitter(parts: {
  readonly transport: Transport;
  readonly clock: Clock;
}): Transmitter {
  const { transport, clock } = parts;
  let underWay = 0;
  return {
    transmit(packet) {
      if (underWay >= LIMITS.transmissions) return;
      underWay += 1;
      // In a microtask, because a transport may throw before it returns a promise.
      const sent = Promise.resolve().then(() => transport.publish(packet));
      void withinTime(sent, clock, LIMITS.publishTimeoutMs).then(() => (underWay -= 1));
    },
  };
}
