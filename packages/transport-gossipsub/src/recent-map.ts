/**
 * A map with a bound: beyond it, the entry that was set longest ago is evicted.
 *
 * lru-cache, 5.7 kB gzipped, would exceed the bundle's limit.
 */
export class RecentMap<Key, Value> extends Map<Key, Value> {
  readonly #bound: number;

  constructor(bound: number) {
    super();
    this.#bound = bound;
  }

  /** Sets an entry, which is the newest from now on. */
  override set(key: Key, value: Value): this {
    // A map keeps the order of insertion.
    this.delete(key);
    super.set(key, value);
    const [oldest] = this.keys();
    if (this.size > this.#bound && oldest !== undefined) this.delete(oldest);
    return this;
  }
}
