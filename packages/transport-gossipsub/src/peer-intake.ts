import type { CancelTimer, Clock } from "@demls/wire/core";
import { RecentMap } from "./recent-map.js";

/** Maximum number of remembered peers; beyond it the one served longest ago is evicted. */
const MAX_PEERS = 1_024;

/** Limits of a node for all peers together. */
export interface IntakeLimits {
  /** Average per second. */
  readonly perSecond: number;
  /** Burst on top. */
  readonly atOnce: number;
}

interface Waiter {
  readonly peerId: string;
  readonly cost: number;
  /** Position in the queue: the lowest is served first. */
  readonly start: number;
  readonly serve: () => void;
}

/**
 * Fair queue of a node's reading capacity (start-time fair queueing): equal shares for peers that want more. A peer
 * beyond its share is read later: its connection fills up, so that it must wait with sending. Nothing is lost, and
 * other peers do not wait for it.
 */
export class PeerIntake {
  readonly #clock: Clock;
  readonly #limits: IntakeLimits;
  readonly #waiters = new Set<Waiter>();
  /** Position of each peer's next turn, in virtual time. */
  readonly #places = new RecentMap<string, number>(MAX_PEERS);
  #place = 0;
  #allowance: number;
  #atMs: number;
  #cancelWake: CancelTimer | undefined;
  #isClosed = false;

  constructor(clock: Clock, limits: IntakeLimits) {
    this.#clock = clock;
    this.#limits = limits;
    this.#allowance = limits.atOnce;
    this.#atMs = clock.monotonicMs();
  }

  /**
   * Resolves at the peer's turn.
   *
   * @param cost - in the unit of the limits
   */
  take(peerId: string, cost: number): Promise<void> {
    return new Promise((resolve) => {
      const start = this.#advance(peerId, cost);
      this.#waiters.add({ peerId, cost, start, serve: resolve });
      this.#serve();
    });
  }

  /** Charges a peer afterwards for a cost that was not visible before. */
  charge(peerId: string, cost: number): void {
    this.#advance(peerId, cost);
    this.#allowance -= cost;
  }

  /** Starts limiting again after {@link PeerIntake.close}. */
  open(): void {
    this.#isClosed = false;
  }

  /** Ends limiting: all waiters and later calls proceed. */
  close(): void {
    this.#isClosed = true;
    this.#cancelWake?.();
    this.#serve();
  }

  /** @returns the peer's position */
  #advance(peerId: string, cost: number): number {
    const start = Math.max(this.#place, this.#places.get(peerId) ?? 0);
    this.#places.set(peerId, start + cost);
    return start;
  }

  #serve(): void {
    this.#refill();
    while (this.#isClosed || this.#allowance > 0) {
      const next = this.#next();
      if (next === undefined) return;
      this.#waiters.delete(next);
      this.#place = Math.max(this.#place, next.start);
      this.#allowance -= next.cost;
      next.serve();
    }
    if (this.#waiters.size > 0) this.#wakeWhenAllowed();
  }

  #next(): Waiter | undefined {
    let next: Waiter | undefined;
    for (const waiter of this.#waiters) if (next === undefined || waiter.start < next.start) next = waiter;
    return next;
  }

  #refill(): void {
    const nowMs = this.#clock.monotonicMs();
    const { perSecond, atOnce } = this.#limits;
    this.#allowance = Math.min(atOnce, this.#allowance + ((nowMs - this.#atMs) / 1_000) * perSecond);
    this.#atMs = nowMs;
  }

  #wakeWhenAllowed(): void {
    this.#cancelWake?.();
    // Capacity slightly above zero suffices for the next turn.
    const waitMs = ((1 - this.#allowance) / this.#limits.perSecond) * 1_000;
    this.#cancelWake = this.#clock.wakeAt(this.#clock.monotonicMs() + waitMs, () => this.#serve());
  }
}
