import type { ScanOptions } from "@demls/wire/core";

/** Character after all those of a key, which is printable ASCII. */
const BEYOND = "\x7f";

/** Names and versions of all records, in memory. */
export interface RecordIndex {
  version(namespace: string, key: string): string | undefined;
  set(namespace: string, key: string, version: string): void;
  delete(namespace: string, key: string): void;
  /** Number of records of a namespace. */
  count(namespace: string): number;
  /** The keys that a scan returns, in its order. */
  keys(namespace: string, options: ScanOptions): readonly string[];
  clear(): void;
}

interface Names {
  readonly versions: Map<string, string>;
  /** In order; `undefined` when it is to be sorted anew. */
  sorted: string[] | undefined;
}

export function createRecordIndex(): RecordIndex {
  const namespaces = new Map<string, Names>();

  function namesIn(namespace: string): Names {
    const found = namespaces.get(namespace) ?? { versions: new Map<string, string>(), sorted: undefined };
    namespaces.set(namespace, found);
    return found;
  }

  return {
    version: (namespace, key) => namespaces.get(namespace)?.versions.get(key),

    set(namespace, key, version) {
      const names = namesIn(namespace);
      if (!names.versions.has(key)) insert(names, key);
      names.versions.set(key, version);
    },

    delete(namespace, key) {
      const names = namespaces.get(namespace);
      if (names?.versions.delete(key) !== true) return;
      names.sorted?.splice(firstFrom(names.sorted, key), 1);
      if (names.versions.size === 0) namespaces.delete(namespace);
    },

    count: (namespace) => namespaces.get(namespace)?.versions.size ?? 0,

    keys(namespace, { prefix = "", after, before, limit, reverse = false }) {
      const names = namespaces.get(namespace);
      if (names === undefined) return [];
      const sorted = (names.sorted ??= [...names.versions.keys()].sort());
      // The key itself is left out: a key that follows it has at least one character more.
      const from = Math.max(
        firstFrom(sorted, prefix),
        after === undefined ? 0 : firstFrom(sorted, `${after}\0`),
      );
      const upTo = Math.min(
        firstFrom(sorted, prefix + BEYOND),
        before === undefined ? sorted.length : firstFrom(sorted, before),
      );
      const found = Math.max(0, upTo - from);
      const size = Math.min(found, limit ?? found);
      return reverse ? sorted.slice(upTo - size, upTo).toReversed() : sorted.slice(from, from + size);
    },

    clear: () => namespaces.clear(),
  };
}

/** Records mostly come in order, so that the last place is theirs. */
function insert(names: Names, key: string): void {
  if (names.sorted === undefined) return;
  names.sorted.splice(firstFrom(names.sorted, key), 0, key);
}

/** The index of the first key that is not before `bound`. */
function firstFrom(sorted: readonly string[], bound: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}
