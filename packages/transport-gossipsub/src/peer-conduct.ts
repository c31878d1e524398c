import type { Clock } from "@demls/wire/core";
import { RecentMap } from "./recent-map.js";

/** What a peer is blamed for, in points. */
const POINTS = {
  /** Bytes that are no packet. Accidents happen; a habit of it is an attack. */
  garbage: 5,
  /**
   * A packet that the session found to be nobody's. Members whose groups have parted, or who joined a moment ago, take
   * others' packets for such, so that only very many of them count.
   */
  forged: 0.2,
  /** A message on a topic that nobody here has subscribed to, as may be under way when a subscription ends. */
  unasked: 0.5,
  /** An announcement beyond those that are read in a second. Whoever brought it may only have passed it on. */
  overRate: 0.02,
} as const;

/** See {@link PeerConduct.blame}. */
export type Fault = keyof typeof POINTS;

/** So many bytes of a fault are another point: what is large costs more to read, and happens less by accident. */
const BYTES_PER_POINT = 16_384;

/** So many points are forgotten in a second. */
const FORGOTTEN_PER_SECOND = 1;

/** With so many points against it a peer is out. */
const POINTS_OUT = 100;

/** How long a peer stays out. */
const OUT_MS = 120_000;

/** Peers that are remembered; of more the one that was heard of longest ago is forgotten. */
const MAX_PEERS = 1_024;

/** What is remembered of a peer. */
interface Record {
  points: number;
  atMs: number;
  outUntilMs: number;
}

/**
 * What each peer has done, in a memory that is bounded and forgets.
 *
 * gossipsub asks for {@link PeerConduct.score} and takes it into its own judgement of a peer: whether it gossips with
 * it, publishes to it, or listens to it at all.
 */
export class PeerConduct {
  readonly #clock: Clock;
  readonly #records = new RecentMap<string, Record>(MAX_PEERS);
  #onOut: (peerId: string) => void = () => undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Is told of each peer that is put out. */
  onOut(listener: (peerId: string) => void): void {
    this.#onOut = listener;
  }

  /**
   * Writes down a fault. The one that puts a peer out is told to {@link PeerConduct.onOut}.
   *
   * @param bytes - how large what came was, where that makes it worse
   */
  blame(peerId: string, fault: Fault, bytes = 0): void {
    const record = this.#recordOf(peerId);
    record.points += POINTS[fault] + bytes / BYTES_PER_POINT;
    if (record.points >= POINTS_OUT) this.#putOut(peerId, record);
  }

  /** Puts a peer out at once, for what nobody does by accident. */
  putOut(peerId: string): void {
    this.#putOut(peerId, this.#recordOf(peerId));
  }

  /** Whether a peer is out, and is neither heard nor connected. */
  isOut(peerId: string): boolean {
    const record = this.#records.get(peerId);
    return record !== undefined && record.outUntilMs > this.#clock.monotonicMs();
  }

  /** 0 for a peer without fault, and less the more there is against it; {@link SCORE_OUT} or less where it is out. */
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

/** The score of a peer that is out. */
export const SCORE_OUT = -POINTS_OUT;
