import type { MlsGroup, MlsService } from "@demls/mls";

/** Encoder and decoder of groups. */
export type GroupCodec = Pick<MlsService, "encodeGroup" | "decodeGroup">;

/** Entry of a field that is stored entry by entry. */
export interface FieldEntry {
  /** Key of the entry; unchanged when its content changes. */
  readonly identity: unknown;
  /** Content, compared by reference: a record is rewritten only if it changes. */
  readonly content: unknown;
  /** Plain data to store. */
  plain(codec: GroupCodec): unknown;
}

/** Storage layout of a field with many or large entries. */
export interface FieldCollection<T> {
  entries(value: T): Iterable<FieldEntry>;
  restore(plain: readonly unknown[], codec: GroupCodec): T;
}

/** Field of a {@link Slice}: its initial value, storage layout, and times. */
export interface Field<T> {
  readonly initial: T;
  /** Absent if the field is stored as one record. */
  readonly collection?: FieldCollection<T>;
  /** Shifts every monotonic time in the value by `byMs`; absent if there is none. */
  readonly shifted?: (value: T, byMs: number) => T;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the fields of one slice have unlike types
type AnyField = Field<any>;

/** Fields of one part of a conversation's state. */
export type Slice = Readonly<Record<string, AnyField>>;

/** Value of a {@link Slice}. */
export type SliceValue<S extends Slice> = {
  readonly [K in keyof S]: S[K] extends Field<infer T> ? T : never;
};

/** Initial value of a slice. */
export function initialSlice<S extends Slice>(slice: S): SliceValue<S> {
  const entries = Object.entries(slice).map(([field, { initial }]) => [field, initial as unknown]);
  return Object.fromEntries(entries) as SliceValue<S>;
}

/** Value of a slice with every monotonic time shifted by `byMs`. */
export function shiftedSlice<S extends Slice>(slice: S, value: SliceValue<S>, byMs: number): SliceValue<S> {
  const entries = Object.entries(slice).map(([field, { shifted }]) => {
    const before: unknown = value[field];
    return [field, shifted === undefined ? before : (shifted(before, byMs) as unknown)];
  });
  return Object.fromEntries(entries) as SliceValue<S>;
}

/** Plain data of a slice within one record. */
export function plainSlice<S extends Slice>(slice: S, value: SliceValue<S>, codec: GroupCodec): unknown {
  const plain: Record<string, unknown> = {};
  for (const [field, { collection }] of Object.entries(slice)) {
    const content: unknown = value[field];
    plain[field] = collection
      ? Array.from(collection.entries(content), (entry) => entry.plain(codec))
      : content;
  }
  return plain;
}

/** Slice from its {@link plainSlice}. */
export function restoredSlice<S extends Slice>(slice: S, plain: SliceValue<S>, codec: GroupCodec): unknown {
  const value: Record<string, unknown> = {};
  for (const [field, { collection }] of Object.entries(slice)) {
    const content: unknown = plain[field];
    value[field] = collection ? collection.restore(content as unknown[], codec) : content;
  }
  return value;
}

/** Field that is stored as one record. */
export function whole<T>(initial: T): Field<T> {
  return { initial };
}

/** Field with a monotonic time in milliseconds. */
export function time(initialMs: number): Field<number> {
  return { initial: initialMs, shifted: (timeMs, byMs) => timeMs + byMs };
}

/** Field with an optional monotonic time in milliseconds; initially undefined. */
export function optionalTime(): Field<number | undefined> {
  return {
    initial: undefined,
    shifted: (timeMs, byMs) => (timeMs === undefined ? undefined : timeMs + byMs),
  };
}

/** List that is stored entry by entry. */
export function list<T>(options: {
  identity(entry: T): unknown;
  shifted?(entry: T, byMs: number): T;
}): Field<readonly T[]> {
  const { identity, shifted } = options;
  return {
    initial: [],
    collection: {
      entries: (value) =>
        value.map((entry) => ({ identity: identity(entry), content: entry, plain: () => entry })),
      restore: (plain) => plain as readonly T[],
    },
    ...(shifted && { shifted: (value, byMs) => value.map((entry) => shifted(entry, byMs)) }),
  };
}

/** Map that is stored entry by entry. */
export function map<K, V>(
  options: {
    shifted?(value: V, byMs: number): V;
    encode?(value: V, codec: GroupCodec): unknown;
    decode?(plain: unknown, codec: GroupCodec): V;
  } = {},
): Field<ReadonlyMap<K, V>> {
  const { shifted } = options;
  const encode = options.encode ?? ((value: V): unknown => value);
  const decode = options.decode ?? ((plain: unknown): V => plain as V);
  return {
    initial: new Map(),
    collection: {
      entries: (value) =>
        Array.from(value, ([key, content]) => ({
          identity: key,
          content,
          plain: (codec) => [key, encode(content, codec)],
        })),
      restore: (plain, codec) =>
        new Map((plain as [K, unknown][]).map(([key, content]) => [key, decode(content, codec)])),
    },
    ...(shifted && {
      shifted: (value, byMs) => new Map(Array.from(value, ([key, item]) => [key, shifted(item, byMs)])),
    }),
  };
}

/** Encoder and decoder of a group in a field's entry. */
export const groupBytes = {
  encode: (group: MlsGroup | undefined, codec: GroupCodec): Uint8Array | undefined =>
    group && codec.encodeGroup(group),
  decode: (bytes: Uint8Array | undefined, codec: GroupCodec): MlsGroup | undefined =>
    bytes && codec.decodeGroup(bytes),
};
