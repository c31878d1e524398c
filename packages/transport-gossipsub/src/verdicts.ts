import type { Clock, Packet, PacketVerdict } from "@demls/wire/core";

/** Timeout of a verdict, in ms. After it the message is forwarded without the verdict of a busy session. */
const LONGEST_MS = 1_000;

/** Verdicts of sessions on delivered packets. */
export class Verdicts {
  readonly #clock: Clock;
  readonly #waiting = new WeakMap<Packet, (verdict: PacketVerdict) => void>();
  /** Whether any listener gives verdicts; other listeners do not. */
  #isSpoken = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  note(packet: Packet, verdict: PacketVerdict): void {
    this.#isSpoken = true;
    this.#waiting.get(packet)?.(verdict);
  }

  /** The first verdict on one of several copies of a packet; `passed` after the timeout. */
  async of(copies: readonly Packet[]): Promise<PacketVerdict> {
    if (copies.length === 0 || !this.#isSpoken) return "passed";
    return new Promise((resolve) => {
      const atMs = this.#clock.monotonicMs() + LONGEST_MS;
      const cancel = this.#clock.wakeAt(atMs, () => resolve("passed"));
      for (const copy of copies) {
        this.#waiting.set(copy, (verdict) => {
          cancel();
          resolve(verdict);
        });
      }
    });
  }
}
