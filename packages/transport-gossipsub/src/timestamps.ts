import type { Clock } from "@demls/wire/core";

/** Strictly increasing wall-clock nanoseconds, so that a packet sent again has another message id. */
export function timestamps(clock: Clock): () => bigint {
  let last = 0n;
  return () => {
    const nowNs = BigInt(Math.floor(clock.wallMs())) * 1_000_000n;
    last = nowNs > last ? nowNs : last + 1n;
    return last;
  };
}
