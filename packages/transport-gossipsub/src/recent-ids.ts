/** Remembers the newest of the ids that it is shown; of more than the bound the oldest is forgotten. */
export class RecentIds {
  readonly #bound: number;
  readonly #ids = new Set<string>();

  constructor(bound: number) {
    this.#bound = bound;
  }

  /** Whether `id` is remembered. */
  has(id: string): boolean {
    return this.#ids.has(id);
  }

  /** Whether `id` was not remembered. It is from now on, as the newest. */
  add(id: string): boolean {
    const isNew = !this.#ids.delete(id);
    this.#ids.add(id);
    // A set keeps the order of insertion.
    const [oldest] = this.#ids;
    if (this.#ids.size > this.#bound && oldest !== undefined) this.#ids.delete(oldest);
    return isNew;
  }
}
