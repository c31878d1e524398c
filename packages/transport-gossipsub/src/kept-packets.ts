import type { Clock, Packet } from "@demls/wire/core";

/** Time that a packet is kept, in ms: a peer that is away for less receives all packets. */
const KEPT_MS = 60_000;

/** Maximum packets and bytes kept; beyond them the oldest is evicted. */
const MAX_PACKETS = 128;
const MAX_BYTES = 1_048_576;

/** A packet as it was sent. */
export interface SentPacket {
  readonly topic: string;
  readonly packet: Packet;
  /** Timestamp of its message. */
  readonly timestamp: bigint;
}

/** Packets of the last minute, within bounds. */
export class KeptPackets {
  readonly #clock: Clock;
  #kept: { readonly sent: SentPacket; readonly atMs: number }[] = [];
  #bytes = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  keep(sent: SentPacket): void {
    this.#kept.push({ sent, atMs: this.#clock.monotonicMs() });
    this.#bytes += sent.packet.payload.length;
    this.#forgetOld();
  }

  /** Packets of a topic, the oldest first. */
  of(topic: string): readonly SentPacket[] {
    this.#forgetOld();
    return this.#kept.map(({ sent }) => sent).filter((sent) => sent.topic === topic);
  }

  forget(topic: string): void {
    this.#kept = this.#kept.filter(({ sent }) => sent.topic !== topic);
    this.#bytes = this.#kept.reduce((sum, { sent }) => sum + sent.packet.payload.length, 0);
  }

  #forgetOld(): void {
    const oldestMs = this.#clock.monotonicMs() - KEPT_MS;
    const isTooMuch = (): boolean => this.#kept.length > MAX_PACKETS || this.#bytes > MAX_BYTES;
    for (let [first] = this.#kept; first && (first.atMs < oldestMs || isTooMuch()); [first] = this.#kept) {
      this.#bytes -= first.sent.packet.payload.length;
      this.#kept.shift();
    }
  }
}
