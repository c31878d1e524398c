import type { Clock } from "@demls/wire/core";

/** Nanoseconds by the wall clock, but always more than the one before: a packet sent again has another message id. */
export function timestamps(clock: Clock): () => bigint {
  let last = 0n;
  return () => {
    const nowNs = BigInt(Math.floor(clock.wallMs())) * 1_000_000n;
    last = nowNs > last ? nowNs : last + 1n;
    return last;
  };
}
