import { bytesToHex, bytesToUtf8, utf8ToBytes, type RandomSource } from "@demls/wire/core";
import { xchacha20poly1305 } from "@noble/ciphers/chacha.js";
import { expand } from "@noble/hashes/hkdf.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";

/** Length of keys. */
export const KEY_BYTES = 32;

/** Length of an XChaCha20 nonce: long enough to be drawn at random for each message of a key. */
const NONCE_BYTES = 24;

/** Length of the names of records, and of namespaces. */
const NAME_BYTES = 20;

/** Length of the length of a record's names. */
const LENGTH_BYTES = 4;

/** A record in the clear. */
export interface OpenedRecord {
  readonly namespace: string;
  readonly key: string;
  readonly value: Uint8Array;
}

/** The keys of an open storage, and their uses. */
export interface Sealing {
  /** Beginning of the places of a namespace. */
  placesOf(namespace: string): string;
  /** The key in the wrapped storage under which a record is kept. */
  placeOf(namespace: string, key: string): string;
  /** A record's sealed bytes, which open at its place only. */
  sealRecord(record: OpenedRecord): Uint8Array;
  /** The record; `undefined` if the bytes were not sealed for this place. */
  openRecord(place: string, sealed: Uint8Array): OpenedRecord | undefined;
  /** Pseudorandom number of a version of the record at this place. */
  mark(place: string, version: string): bigint;
  /** Overwrites the keys. */
  wipe(): void;
}

/** @param dataKey stays the caller's */
export function createSealing(dataKey: Uint8Array, random: RandomSource): Sealing {
  const [recordKey, nameKey, markKey] = ["records", "names", "marks"].map((use) =>
    expand(sha256, dataKey, utf8ToBytes(`demls storage ${use}`), KEY_BYTES),
  ) as [Uint8Array, Uint8Array, Uint8Array];

  function nameOf(...parts: readonly string[]): string {
    return bytesToHex(hmac(sha256, nameKey, utf8ToBytes(JSON.stringify(parts))).subarray(0, NAME_BYTES));
  }

  const placesOf = (namespace: string): string => `record/${nameOf(namespace)}/`;
  const placeOf = (namespace: string, key: string): string => placesOf(namespace) + nameOf(namespace, key);

  return {
    placesOf,
    placeOf,

    sealRecord({ namespace, key, value }) {
      const names = utf8ToBytes(JSON.stringify([namespace, key]));
      const clear = new Uint8Array(LENGTH_BYTES + names.length + value.length);
      new DataView(clear.buffer).setUint32(0, names.length);
      clear.set(names, LENGTH_BYTES);
      clear.set(value, LENGTH_BYTES + names.length);
      const sealed = seal(recordKey, placeOf(namespace, key), clear, random);
      clear.fill(0);
      return sealed;
    },

    openRecord(place, sealed) {
      const clear = open(recordKey, place, sealed);
      if (clear === undefined) return undefined;
      const end = LENGTH_BYTES + new DataView(clear.buffer, clear.byteOffset).getUint32(0);
      const names = bytesToUtf8(clear.subarray(LENGTH_BYTES, end)) ?? "";
      const [namespace, key] = JSON.parse(names) as [string, string];
      const value = clear.slice(end);
      clear.fill(0);
      return { namespace, key, value };
    },

    mark: (place, version) =>
      BigInt(`0x${bytesToHex(hmac(sha256, markKey, utf8ToBytes(JSON.stringify([place, version]))))}`),

    wipe() {
      for (const key of [recordKey, nameKey, markKey]) key.fill(0);
    },
  };
}

/** Seals bytes for a purpose: the nonce, then the ciphertext with its tag. */
export function seal(key: Uint8Array, purpose: string, clear: Uint8Array, random: RandomSource): Uint8Array {
  const nonce = random.bytes(NONCE_BYTES);
  const ciphertext = xchacha20poly1305(key, nonce, utf8ToBytes(purpose)).encrypt(clear);
  const sealed = new Uint8Array(NONCE_BYTES + ciphertext.length);
  sealed.set(nonce);
  sealed.set(ciphertext, NONCE_BYTES);
  return sealed;
}

/** The bytes; `undefined` if they were not sealed with this key for this purpose. */
export function open(key: Uint8Array, purpose: string, sealed: Uint8Array): Uint8Array | undefined {
  try {
    const cipher = xchacha20poly1305(key, sealed.subarray(0, NONCE_BYTES), utf8ToBytes(purpose));
    return cipher.decrypt(sealed.subarray(NONCE_BYTES));
  } catch {
    return undefined;
  }
}

/** The version of sealed bytes: their nonce. No other bytes of the same nonce open. */
export function versionOf(sealed: Uint8Array): string {
  return bytesToHex(sealed.subarray(0, NONCE_BYTES));
}
