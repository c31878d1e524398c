/** A copy of `map` with one entry set. */
export function withEntry<K, V>(map: ReadonlyMap<K, V>, key: K, value: V): ReadonlyMap<K, V> {
  return new Map(map).set(key, value);
}

/** A copy of `map` without one key; `map` itself if the key is missing. */
export function withoutKey<K, V>(map: ReadonlyMap<K, V>, key: K): ReadonlyMap<K, V> {
  if (!map.has(key)) return map;
  const copy = new Map(map);
  copy.delete(key);
  return copy;
}

/** A copy of `list` with `item` appended; the oldest items beyond `bound` are dropped. */
export function appendBounded<T>(list: readonly T[], item: T, bound: number): readonly T[] {
  const grown = [...list, item];
  return grown.length > bound ? grown.slice(grown.length - bound) : grown;
}

/** The entries of `map` that satisfy `isKept`; `map` itself if all do. */
export function entriesWhere<K, V>(
  map: ReadonlyMap<K, V>,
  isKept: (key: K, value: V) => boolean,
): ReadonlyMap<K, V> {
  // Usually all entries are kept, so a copy is made only when one is not.
  for (const [key, value] of map)
    if (!isKept(key, value)) return new Map([...map].filter(([k, v]) => isKept(k, v)));
  return map;
}
