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

/** The members of `set` that `isKept` says yes to; the same set where that is all of them. */
export function membersWhere<T>(set: ReadonlySet<T>, isKept: (member: T) => boolean): ReadonlySet<T> {
  for (const member of set) if (!isKept(member)) return new Set([...set].filter(isKept));
  return set;
}
