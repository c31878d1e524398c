import { bytesEqual, concatBytes } from "@demls/wire/core";
import { sha256 } from "@noble/hashes/sha2.js";
import { MAX_FORM_BYTES } from "./invitation-codec.js";

const PREFIX = "demls:";
const CHECKSUM_BYTES = 4;
const BASE64URL = /^[\w-]+$/;
const MAX_LINE_LENGTH = PREFIX.length + Math.ceil(((MAX_FORM_BYTES + CHECKSUM_BYTES) * 4) / 3);

/** Writes a secret form as one line, with a checksum. */
export function lineOf(secret: Uint8Array): string {
  return PREFIX + toBase64Url(concatBytes(secret, checksumOf(secret)));
}

/** The secret form in a line, `undefined` unless the line is complete and unchanged. */
export function secretIn(line: string): Uint8Array | undefined {
  const text = line.trim();
  if (text.length > MAX_LINE_LENGTH || text.slice(0, PREFIX.length).toLowerCase() !== PREFIX)
    return undefined;
  const bytes = fromBase64Url(text.slice(PREFIX.length));
  if (bytes === undefined || bytes.length <= CHECKSUM_BYTES) return undefined;
  const secret = bytes.subarray(0, -CHECKSUM_BYTES);
  return bytesEqual(checksumOf(secret), bytes.subarray(-CHECKSUM_BYTES)) ? secret : undefined;
}

/** Finds slips of copying. It proves nothing: the inviter's signature does. */
function checksumOf(secret: Uint8Array): Uint8Array {
  return sha256(secret).subarray(0, CHECKSUM_BYTES);
}

function toBase64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

/** Only the one encoding of each byte string is accepted: the unused bits at the end are zero. */
function fromBase64Url(text: string): Uint8Array | undefined {
  if (!BASE64URL.test(text) || text.length % 4 === 1) return undefined;
  const decoded = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(decoded, (character) => character.charCodeAt(0));
  return toBase64Url(bytes) === text ? bytes : undefined;
}
