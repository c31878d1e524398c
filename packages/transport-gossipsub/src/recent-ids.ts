/** Bounded set of the newest ids; beyond the bound the oldest is evicted. */
export class RecentIds {
  readonly #bound: number;
  readonly #ids = new Set<string>();

  constructor(bound: number) {
    this.#bound = bound;
  }

  /** Whether `id` is in the set. */
  has(id: string): boolean {
    return this.#ids.has(id);
  }

  /** Adds `id` as the newest, and returns whether it is new. */
  add(id: string): boolean {
    const isNew = !this.#ids.delete(id);
    this.#ids.add(id);
    // A set keeps insertion order.
    const [oldest] = this.#ids;
    if (this.#ids.size > this.#bound && oldest !== undefined) this.#ids.delete(oldest);
    return isNew;
  }
}
