import { Decoder, Encoder, ExtensionCodec } from "@msgpack/msgpack";

/**
 * Plain data of a conversation's state, including the plug-in values: `null`, booleans, numbers, bigints, strings,
 * `Uint8Array`s, and arrays, plain objects, `Map`s and `Set`s of them. Undefined properties are omitted.
 *
 * Encoded as MessagePack, with extension types for bigints, `Map`s and `Set`s.
 */
const extensions = new ExtensionCodec();

const MAP = 1;
const SET = 2;
const BIGINT = 3;

const settings = { extensionCodec: extensions, ignoreUndefined: true } as const;

/** Encoders, reused because each allocates a buffer; the contents of an extension are encoded by the next one. */
const encoders: Encoder[] = [];
let depth = 0;

extensions.register({
  type: MAP,
  encode: (value) => (value instanceof Map ? encoded([...(value as Map<unknown, unknown>)]) : null),
  decode: (bytes) => new Map(decodeData(bytes) as [unknown, unknown][]),
});
extensions.register({
  type: SET,
  encode: (value) => (value instanceof Set ? encoded([...(value as Set<unknown>)]) : null),
  decode: (bytes) => new Set(decodeData(bytes) as unknown[]),
});
extensions.register({
  type: BIGINT,
  encode: (value) => (typeof value === "bigint" ? encoded(value.toString()) : null),
  decode: (bytes) => BigInt(decodeData(bytes) as string),
});

/** Format version, the first byte of every record. */
const VERSION = 1;

/** Encodes `value` as a record. */
export function encodeRecord(value: unknown): Uint8Array {
  const record = encoded(value, 1);
  record[0] = VERSION;
  return record;
}

/** MessagePack of `value` behind `offset` zeros. Leaves no copy in the encoder's buffer, since a value may be secret. */
function encoded(value: unknown, offset = 0): Uint8Array {
  const encoder = (encoders[depth] ??= new Encoder(settings));
  depth += 1;
  try {
    const data = encoder.encodeSharedRef(value);
    const bytes = new Uint8Array(offset + data.length);
    bytes.set(data, offset);
    data.fill(0);
    return bytes;
  } finally {
    depth -= 1;
  }
}

/**
 * Decodes a record of {@link encodeRecord}.
 *
 * @throws if the bytes are not a record of this version.
 */
export function decodeRecord(record: Uint8Array): unknown {
  checkVersion(record);
  return decodeData(record.subarray(1));
}

/** @throws Error if the bytes are not a record of this version. */
export function checkVersion(record: Uint8Array): void {
  if (record[0] !== VERSION) throw new Error("The record has another version.");
}

/** Decoders by their bound, for each depth: the contents of an extension are decoded by the next one. */
const decoders: Map<number, Decoder>[] = [];
let decodingDepth = 0;

const NIL = Uint8Array.of(0xc0);

function decodeData(bytes: Uint8Array): unknown {
  const bound = 2 ** Math.ceil(Math.log2(bytes.length + 1));
  const ofDepth = (decoders[decodingDepth] ??= new Map<number, Decoder>());
  let decoder = ofDepth.get(bound);
  if (decoder === undefined) ofDepth.set(bound, (decoder = boundedDecoder(bound)));
  decodingDepth += 1;
  try {
    return decoder.decode(bytes);
  } finally {
    decodingDepth -= 1;
    // Leaves no reference to the bytes, since a value may be secret.
    decoder.decode(NIL);
  }
}

/** Each element takes at least one byte. Without the bound, five bytes that claim a long list would allocate all of it. */
function boundedDecoder(bound: number): Decoder {
  return new Decoder({ ...settings, maxArrayLength: bound, maxMapLength: bound });
}
