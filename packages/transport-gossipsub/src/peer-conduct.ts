import type { Clock } from "@demls/wire/core";
import { RecentMap } from "./recent-map.js";

/** Points of each fault. */
const POINTS = {
  /** Bytes that are not a packet: once an accident, repeatedly an attack. */
  garbage: 5,
  /**
   * A packet that the session found forged. The weight is small, since members of diverged groups and recent joiners
   * find genuine packets forged.
   */
  forged: 0.2,
  /** A message on a topic without a subscription here, as after a subscription ends. */
  unasked: 0.5,
  /** An announcement beyond those read per second. The sender may only have forwarded it. */
  overRate: 0.02,
  /** A joiner's packet that was read a moment ago. Honest peers forward it once. */
  repeated: 0.05,
} as const;

/** See {@link PeerConduct.blame}. */
export type Fault = keyof typeof POINTS;

/** Bytes of a fault that count as one more point. Large messages cost more to read and are less often accidents. */
const BYTES_PER_POINT = 16_384;

/** Points forgotten per second. */
const FORGOTTEN_PER_SECOND = 1;

/** Points at which a peer is out. */
const POINTS_OUT = 100;

/** Time that a peer stays out, in ms. */
const OUT_MS = 120_000;

/** Maximum number of remembered peers; beyond it the least recently used one is evicted. */
const MAX_PEERS = 1_024;

/** Record of one peer. */
interface Record {
  points: number;
  atMs: number;
  outUntilMs: number;
}

/**
 * Bounded record of peers' faults, which expire.
 *
 * gossipsub includes {@link PeerConduct.score} in a peer's score, which decides whether it gossips with the peer,
 * publishes to it or reads from it.
 */
export class PeerConduct {
  readonly #clock: Clock;
  readonly #records = new RecentMap<string, Record>(MAX_PEERS);
  #onOut: (peerId: string) => void = () => undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Registers a listener for peers that are put out. */
  onOut(listener: (peerId: string) => void): void {
    this.#onOut = listener;
  }

  /**
   * Records a fault. If it puts the peer out, the listener of {@link PeerConduct.onOut} is called.
   *
   * @param bytes - size of the message, if it makes the fault worse
   */
  blame(peerId: string, fault: Fault, bytes = 0): void {
    const record = this.#recordOf(peerId);
    record.points += POINTS[fault] + bytes / BYTES_PER_POINT;
    if (record.points >= POINTS_OUT) this.#putOut(peerId, record);
  }

  /** Puts a peer out at once, for a fault that cannot be an accident. */
  putOut(peerId: string): void {
    this.#putOut(peerId, this.#recordOf(peerId));
  }

  /** Whether a peer is out: neither read nor connected. */
  isOut(peerId: string): boolean {
    const record = this.#records.get(peerId);
    return record !== undefined && record.outUntilMs > this.#clock.monotonicMs();
  }

  /** Score of a peer: 0 without faults, {@link SCORE_OUT} while it is out, otherwise minus its points. */
  score(peerId: string): number {
    if (!this.#records.has(peerId)) return 0;
    if (this.isOut(peerId)) return SCORE_OUT;
    return -this.#recordOf(peerId).points;
  }

  #putOut(peerId: string, record: Record): void {
    if (record.outUntilMs > record.atMs) return;
    record.outUntilMs = record.atMs + OUT_MS;
    this.#onOut(peerId);
  }

  #recordOf(peerId: string): Record {
    const nowMs = this.#clock.monotonicMs();
    const known = this.#records.get(peerId);
    const record = known ?? { points: 0, atMs: nowMs, outUntilMs: 0 };
    const seconds = (nowMs - record.atMs) / 1_000;
    record.points = Math.max(0, record.points - seconds * FORGOTTEN_PER_SECOND);
    record.atMs = nowMs;
    this.#records.set(peerId, record);
    return record;
  }
}

/** Score of a peer that is out. */
export const SCORE_OUT = -POINTS_OUT;
