import type { Clock } from "@demls/wire/core";
import { RecentMap } from "./recent-map.js";

/** Maximum number of remembered peers; beyond it the least recently used one is evicted, and starts anew. */
const MAX_PEERS = 1_024;

/** Limits of each peer. */
export interface RateLimits {
  /** Average per second. */
  readonly perSecond: number;
  /** Burst on top. */
  readonly atOnce: number;
}

/** Rates of peers (token buckets): beyond its own, a peer is refused, and others are not. */
export class PeerRates {
  readonly #clock: Clock;
  readonly #limits: RateLimits;
  readonly #buckets = new RecentMap<string, { readonly left: number; readonly atMs: number }>(MAX_PEERS);

  constructor(clock: Clock, limits: RateLimits) {
    this.#clock = clock;
    this.#limits = limits;
  }

  /** Whether the peer is within its rate; if so, this counts. */
  take(peerId: string): boolean {
    const { perSecond, atOnce } = this.#limits;
    const nowMs = this.#clock.monotonicMs();
    const { left, atMs } = this.#buckets.get(peerId) ?? { left: atOnce, atMs: nowMs };
    const allowed = Math.min(atOnce, left + ((nowMs - atMs) / 1_000) * perSecond);
    this.#buckets.set(peerId, { left: allowed >= 1 ? allowed - 1 : allowed, atMs: nowMs });
    return allowed >= 1;
  }
}
