import type { Clock, Packet, PacketVerdict } from "@demls/wire/core";

/** How long a verdict is waited for, in ms: a session that is busy for longer does not hold up what others sent. */
const LONGEST_MS = 1_000;

/** What sessions say of the packets that they were handed. */
export class Verdicts {
  readonly #clock: Clock;
  readonly #waiting = new WeakMap<Packet, (verdict: PacketVerdict) => void>();
  /** Whether anybody says anything: a listener of another kind does not. */
  #isSpoken = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  note(packet: Packet, verdict: PacketVerdict): void {
    this.#isSpoken = true;
    this.#waiting.get(packet)?.(verdict);
  }

  /** The first verdict on any of these, which are copies of one packet; `passed` where there is none in time. */
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
