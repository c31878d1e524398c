import type { CancelTimer, Clock } from "@demls/wire/core";
import { RecentMap } from "./recent-map.js";

/** Peers whose share is remembered; of more the one that was served longest ago is forgotten. */
const MAX_PEERS = 1_024;

/** What a node can bear, from all peers together. */
export interface IntakeLimits {
  /** In a second, on average. */
  readonly perSecond: number;
  /** So much more at once. */
  readonly atOnce: number;
}

interface Waiter {
  readonly peerId: string;
  readonly cost: number;
  /** Its place: the waiter with the lowest is served first. */
  readonly start: number;
  readonly serve: () => void;
}

/**
 * Decides whose turn it is: as much as a node can bear in all, in equal shares among the peers that want more
 * (start-time fair queueing). Whoever brings more than its share is read later, by which its connection fills up and
 * holds it back: nothing of it is lost, and nobody else waits for it.
 */
export class PeerIntake {
  readonly #clock: Clock;
  readonly #limits: IntakeLimits;
  readonly #waiters = new Set<Waiter>();
  /** Where each peer's next turn stands, by what an equal share has come to. */
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
   * Resolves when it is the peer's turn.
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

  /** Makes a peer wait longer next time: what it was read for cost more than was seen from outside. */
  charge(peerId: string, cost: number): void {
    this.#advance(peerId, cost);
    this.#allowance -= cost;
  }

  /** Measures again, after {@link PeerIntake.close}. */
  open(): void {
    this.#isClosed = false;
  }

  /** Lets all go on who wait, and whoever comes: there is nothing to be shared any more. */
  close(): void {
    this.#isClosed = true;
    this.#cancelWake?.();
    this.#serve();
  }

  /** @returns the place that the peer had. */
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
    // A little more than nothing is enough for the next one.
    const waitMs = ((1 - this.#allowance) / this.#limits.perSecond) * 1_000;
    this.#cancelWake = this.#clock.wakeAt(this.#clock.monotonicMs() + waitMs, () => this.#serve());
  }
}
