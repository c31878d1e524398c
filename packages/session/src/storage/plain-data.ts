import { decode, encode, ExtensionCodec } from "@msgpack/msgpack";

/**
 * Plain data is what a conversation's state is made of, the plug-ins' parts included: `null`, booleans,
 * numbers, bigints, strings, `Uint8Array`s, and arrays, objects without a class, `Map`s and `Set`s of them. A
 * property that is `undefined` is as good as absent, and is when it comes back.
 *
 * It is written as MessagePack, with extension types for what that has no word for.
 */
const extensions = new ExtensionCodec();

const MAP = 1;
const SET = 2;
const BIGINT = 3;

const settings = { extensionCodec: extensions, ignoreUndefined: true } as const;

extensions.register({
  type: MAP,
  encode: (value) => (value instanceof Map ? encode([...(value as Map<unknown, unknown>)], settings) : null),
  decode: (bytes) => new Map(decodeData(bytes) as [unknown, unknown][]),
});
extensions.register({
  type: SET,
  encode: (value) => (value instanceof Set ? encode([...(value as Set<unknown>)], settings) : null),
  decode: (bytes) => new Set(decodeData(bytes) as unknown[]),
});
extensions.register({
  type: BIGINT,
  encode: (value) => (typeof value === "bigint" ? encode(value.toString(), settings) : null),
  decode: (bytes) => BigInt(decodeData(bytes) as string),
});

/** First byte of every record, so that a later layout can be told apart. */
const VERSION = 1;

/** A record that holds `value`. */
export function encodeRecord(value: unknown): Uint8Array {
  const data = encode(value, settings);
  const record = new Uint8Array(1 + data.length);
  record[0] = VERSION;
  record.set(data, 1);
  return record;
}

/**
 * What {@link encodeRecord} was given.
 *
 * @throws where the bytes are no record of this version.
 */
export function decodeRecord(record: Uint8Array): unknown {
  if (record[0] !== VERSION) throw new Error("The record is of another version.");
  return decodeData(record.subarray(1));
}

function decodeData(bytes: Uint8Array): unknown {
  // Nothing has more parts than bytes. Without this, five bytes that claim a long list take memory for all of it.
  return decode(bytes, { ...settings, maxArrayLength: bytes.length, maxMapLength: bytes.length });
}
