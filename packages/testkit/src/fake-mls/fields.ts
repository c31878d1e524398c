import { bytesToUtf8, utf8ToBytes } from "@demls/wire/core";
import { sha256 } from "./sha256.js";

/** Text, a whole number in decimal, or bytes. */
export type Field = string | number | bigint | Uint8Array;

const LENGTH_BYTES = 4;

/** Encodes fields with length prefixes: different lists have different encodings. */
export function encodeFields(fields: readonly Field[]): Uint8Array {
  const parts = fields.map(toBytes);
  const encoded = new Uint8Array(parts.reduce((sum, { length }) => sum + LENGTH_BYTES + length, 0));
  const view = new DataView(encoded.buffer);
  let offset = 0;
  for (const part of parts) {
    view.setUint32(offset, part.length);
    encoded.set(part, offset + LENGTH_BYTES);
    offset += LENGTH_BYTES + part.length;
  }
  return encoded;
}

/** Decodes {@link encodeFields} into separate arrays; `undefined` for any other bytes. */
export function decodeFields(bytes: Uint8Array): Uint8Array[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fields: Uint8Array[] = [];
  let offset = 0;
  while (offset < bytes.length) {
    if (offset + LENGTH_BYTES > bytes.length) return undefined;
    const start = offset + LENGTH_BYTES;
    offset = start + view.getUint32(offset);
    if (offset > bytes.length) return undefined;
    fields.push(new Uint8Array(bytes.subarray(start, offset)));
  }
  return fields;
}

/** Whole number of a field; `undefined` for anything else. */
export function wholeNumber(field: Uint8Array | undefined): bigint | undefined {
  const text = field && bytesToUtf8(field);
  return text !== undefined && /^\d{1,20}$/.test(text) ? BigInt(text) : undefined;
}

/** Whole numbers that {@link encodeFields} wrote into a field; `undefined` for anything else. */
export function numbersIn(field: Uint8Array | undefined): readonly number[] | undefined {
  const numbers = field && decodeFields(field)?.map((bytes) => Number(wholeNumber(bytes)));
  return numbers?.some(Number.isNaN) ? undefined : numbers;
}

/** SHA-256 of encoded fields. */
export function hashOf(...fields: readonly Field[]): Uint8Array {
  return sha256(encodeFields(fields));
}

function toBytes(field: Field): Uint8Array {
  return field instanceof Uint8Array ? field : textBytes(String(field));
}

/** UTF-8 of a text. An encoder takes longer than a loop for the short ASCII texts here. */
function textBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7f) return utf8ToBytes(text);
    bytes[i] = code;
  }
  return bytes;
}
