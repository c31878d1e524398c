import type { PacketVerdict } from "@demls/wire/core";

/** Remembers what the newest packets were found to be, or will be; of more than the bound the oldest is forgotten. */
export class RecentVerdicts {
  readonly #bound: number;
  readonly #verdicts = new Map<string, Promise<PacketVerdict>>();

  constructor(bound: number) {
    this.#bound = bound;
  }

  /** The verdict on `id`, where it is remembered. It counts as the newest from now on. */
  recall(id: string): Promise<PacketVerdict> | undefined {
    const verdict = this.#verdicts.get(id);
    if (verdict) this.note(id, verdict);
    return verdict;
  }

  note(id: string, verdict: Promise<PacketVerdict>): void {
    // A map keeps the order of insertion.
    this.#verdicts.delete(id);
    this.#verdicts.set(id, verdict);
    const [oldest] = this.#verdicts.keys();
    if (this.#verdicts.size > this.#bound && oldest !== undefined) this.#verdicts.delete(oldest);
  }
}
