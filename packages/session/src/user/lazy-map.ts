/** A map with values that are made when they are read first. What throws then is tried again by the next reader. */
export class LazyMap<K, V> extends Map<K, V> {
  readonly #makers = new Map<K, () => V | undefined>();

  /** Sets a value that is made later. */
  setLater(key: K, make: () => V | undefined): void {
    super.set(key, undefined as V);
    this.#makers.set(key, make);
  }

  override set(key: K, value: V): this {
    this.#makers?.delete(key);
    return super.set(key, value);
  }

  override delete(key: K): boolean {
    this.#makers.delete(key);
    return super.delete(key);
  }

  override get(key: K): V | undefined {
    const make = this.#makers.get(key);
    const made = make?.();
    if (made !== undefined) this.set(key, made);
    return super.get(key);
  }

  override *values(): MapIterator<V> {
    for (const key of this.keys()) yield this.get(key) as V;
  }

  override *entries(): MapIterator<[K, V]> {
    for (const key of this.keys()) yield [key, this.get(key) as V];
  }

  override [Symbol.iterator](): MapIterator<[K, V]> {
    return this.entries();
  }

  override forEach(call: (value: V, key: K, map: Map<K, V>) => void, self?: unknown): void {
    for (const [key, value] of this) call.call(self, value, key, this);
  }
}
