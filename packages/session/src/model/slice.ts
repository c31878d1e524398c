import type { MlsGroup, MlsService } from "@demls/mls";

/** Turns groups into bytes and back, for fields that hold some. */
export type GroupCodec = Pick<MlsService, "encodeGroup" | "decodeGroup">;

/** One entry of a field that is stored entry by entry. */
export interface FieldEntry {
  /** Identifies the entry when its content has changed. */
  readonly identity: unknown;
  /** Compared by reference: a record is rewritten only for another content. */
  readonly content: unknown;
  /** Plain data to store for it. */
  plain(codec: GroupCodec): unknown;
}

/** How a field is stored entry by entry, because its entries are large or many. */
export interface FieldCollection<T> {
  entries(value: T): Iterable<FieldEntry>;
  restore(plain: readonly unknown[], codec: GroupCodec): T;
}

/** One field of a {@link Slice}: its initial value, its layout in storage, and its times. */
export interface Field<T> {
  readonly initial: T;
  /** Absent where the field is stored as one record. */
  readonly collection?: FieldCollection<T>;
  /** The value with every monotonic time in it moved by `byMs`; absent where it holds none. */
  readonly shifted?: (value: T, byMs: number) => T;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the fields of one slice have unlike types
type AnyField = Field<any>;

/** The fields of one part of a conversation's state. A new field is one more entry. */
export type Slice = Readonly<Record<string, AnyField>>;

/** The value that a {@link Slice} describes. */
export type SliceValue<S extends Slice> = {
  readonly [K in keyof S]: S[K] extends Field<infer T> ? T : never;
};

/** The initial value of a slice. */
export function initialSlice<S extends Slice>(slice: S): SliceValue<S> {
  const entries = Object.entries(slice).map(([field, { initial }]) => [field, initial as unknown]);
  return Object.fromEntries(entries) as SliceValue<S>;
}

/** A slice's value with every monotonic time in it moved by `byMs`. */
export function shiftedSlice<S extends Slice>(slice: S, value: SliceValue<S>, byMs: number): SliceValue<S> {
  const entries = Object.entries(slice).map(([field, { shifted }]) => {
    const before: unknown = value[field];
    return [field, shifted === undefined ? before : (shifted(before, byMs) as unknown)];
  });
  return Object.fromEntries(entries) as SliceValue<S>;
}

/** A field that is stored as one record. */
export function whole<T>(initial: T): Field<T> {
  return { initial };
}

/** A field that is a monotonic time in milliseconds. */
export function time(initialMs: number): Field<number> {
  return { initial: initialMs, shifted: (timeMs, byMs) => timeMs + byMs };
}

/** A field that is a monotonic time in milliseconds, or absent, as it is in the beginning. */
export function optionalTime(): Field<number | undefined> {
  return {
    initial: undefined,
    shifted: (timeMs, byMs) => (timeMs === undefined ? undefined : timeMs + byMs),
  };
}

/** A list that is stored entry by entry. */
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

/** A map that is stored entry by entry. */
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

/** The bytes of a group that a field's entry holds, and back. */
export const groupBytes = {
  encode: (group: MlsGroup | undefined, codec: GroupCodec): Uint8Array | undefined =>
    group && codec.encodeGroup(group),
  decode: (bytes: Uint8Array | undefined, codec: GroupCodec): MlsGroup | undefined =>
    bytes && codec.decodeGroup(bytes),
};
