import type { Clock, Packet } from "@demls/wire/core";

/** How long a packet is kept, in ms: who was away for less misses nothing. */
const KEPT_MS = 60_000;

/** Packets and bytes that are kept at most; of more the oldest is forgotten. */
const MAX_PACKETS = 128;
const MAX_BYTES = 1_048_576;

/** A packet as it went over the network. */
export interface SentPacket {
  readonly topic: string;
  readonly packet: Packet;
  /** That of its message. */
  readonly timestamp: bigint;
}

/** The packets of the last minute, as far as there is room. */
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

  /** Those of a topic, the oldest first. */
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
