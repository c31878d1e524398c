import type { PacketVerdict } from "@demls/wire/core";

/** Bounded map of the newest packets' verdicts, pending ones included; beyond the bound the oldest is evicted. */
export class RecentVerdicts {
  readonly #bound: number;
  readonly #verdicts = new Map<string, Promise<PacketVerdict>>();

  constructor(bound: number) {
    this.#bound = bound;
  }

  /** The verdict on `id`, if remembered. It then counts as the newest. */
  recall(id: string): Promise<PacketVerdict> | undefined {
    const verdict = this.#verdicts.get(id);
    if (verdict) this.note(id, verdict);
    return verdict;
  }

  note(id: string, verdict: Promise<PacketVerdict>): void {
    // A map keeps insertion order.
    this.#verdicts.delete(id);
    this.#verdicts.set(id, verdict);
    const [oldest] = this.#verdicts.keys();
    if (this.#verdicts.size > this.#bound && oldest !== undefined) this.#verdicts.delete(oldest);
  }
}
