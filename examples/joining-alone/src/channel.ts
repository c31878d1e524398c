/** A packet of this program. */
export type Packet =
  /** A probe, or an answer to one. */
  | { readonly kind: "join"; readonly payload: Uint8Array }
  | { readonly kind: "announcement"; readonly keyPackage: Uint8Array; readonly redemption: Uint8Array }
  | { readonly kind: "welcome"; readonly names: readonly string[]; readonly confirmation: Uint8Array };

/** A transport in memory: everyone hears everyone else. */
export interface Channel {
  /** Joins it. @returns the function by which this member publishes. */
  join(hear: (packet: Packet) => void): (packet: Packet) => Promise<void>;
}

export function createChannel(): Channel {
  const listeners = new Set<(packet: Packet) => void>();
  return {
    join(hear) {
      listeners.add(hear);
      return async (packet) => {
        for (const listener of listeners) if (listener !== hear) setTimeout(() => listener(packet));
      };
    },
  };
}
