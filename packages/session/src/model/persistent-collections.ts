/** A copy of `map` with one entry set. */
export function withEntry<K, V>(map: ReadonlyMap<K, V>, key: K, value: V): ReadonlyMap<K, V> {
  return new Map(map).set(key, value);
}

/** `map` without one key; the same map where it has none. */
export function withoutKey<K, V>(map: ReadonlyMap<K, V>, key: K): ReadonlyMap<K, V> {
  if (!map.has(key)) return map;
  const copy = new Map(map);
  copy.delete(key);
  return copy;
}

/** `list` with `item` at its end; beyond `bound` the oldest give way. */
export function appendBounded<T>(list: readonly T[], item: T, bound: number): readonly T[] {
  const grown = [...list, item];
  return grown.length > bound ? grown.slice(grown.length - bound) : grown;
}

/** The entries of `map` that `isKept` says yes to; the same map where that is all of them. */
export function entriesWhere<K, V>(
  map: ReadonlyMap<K, V>,
  isKept: (key: K, value: V) => boolean,
): ReadonlyMap<K, V> {
  // Nearly always all are, so that a copy is made only where one is not.
  for (const [key, value] of map)
    if (!isKept(key, value)) return new Map([...map].filter(([k, v]) => isKept(k, v)));
  return map;
}
