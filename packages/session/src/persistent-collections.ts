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

/** A copy of `set` with one member added. */
export function withMember<T>(set: ReadonlySet<T>, member: T): ReadonlySet<T> {
  return new Set(set).add(member);
}

/** `set` without one member; the same set where it has none. */
export function withoutMember<T>(set: ReadonlySet<T>, member: T): ReadonlySet<T> {
  if (!set.has(member)) return set;
  const copy = new Set(set);
  copy.delete(member);
  return copy;
}

/** `list` with `item` at its end; beyond `bound` the oldest give way. */
export function appendBounded<T>(list: readonly T[], item: T, bound: number): readonly T[] {
  const grown = [...list, item];
  return grown.length > bound ? grown.slice(grown.length - bound) : grown;
}
