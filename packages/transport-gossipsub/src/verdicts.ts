import type { Clock, Packet, PacketVerdict } from "@demls/wire/core";

/** Timeout of a verdict, in ms. A busy session does not delay genuine messages to other peers for longer. */
const LONGEST_MS = 1_000;

/** Fate of a packet without a verdict of the session in time. */
export interface LateVerdict {
  /** Returns the verdict that holds meanwhile. */
  readonly meanwhile: () => PacketVerdict;
  /** Receives the session's verdict. */
  readonly onLate: (verdict: PacketVerdict) => void;
}

/** Verdicts of sessions on delivered packets. */
export class Verdicts {
  readonly #clock: Clock;
  readonly #waiting = new WeakMap<Packet, (verdict: PacketVerdict) => void>();
  /** Verdicts given before anything waited for them, as on a packet refused at its delivery. */
  readonly #early = new WeakMap<Packet, PacketVerdict>();
  /** Whether any listener gives verdicts; other listeners do not. */
  #isSpoken = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  note(packet: Packet, verdict: PacketVerdict): void {
    this.#isSpoken = true;
    const tell = this.#waiting.get(packet);
    if (tell) tell(verdict);
    else this.#early.set(packet, verdict);
  }

  /** The first verdict on one of several copies of a packet. */
  async of(copies: readonly Packet[], { meanwhile, onLate }: LateVerdict): Promise<PacketVerdict> {
    if (copies.length === 0 || !this.#isSpoken) return "passed";
    const early = copies.map((copy) => this.#early.get(copy)).find((verdict) => verdict !== undefined);
    if (early !== undefined) return early;
    return new Promise((resolve) => {
      const atMs = this.#clock.monotonicMs() + LONGEST_MS;
      let tell = (verdict: PacketVerdict): void => {
        cancel();
        resolve(verdict);
      };
      const cancel = this.#clock.wakeAt(atMs, () => {
        tell = onLate;
        resolve(meanwhile());
      });
      for (const copy of copies) this.#waiting.set(copy, (verdict) => tell(verdict));
    });
  }
}
