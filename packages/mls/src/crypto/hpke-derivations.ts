import { concatBytes, utf8ToBytes } from "@demls/wire/core";
import { HASH_LENGTH, hkdfExpand } from "./hkdf.js";
import type { Primitives } from "./primitives.js";

/** AEAD key size in bytes. */
export const KEY_LENGTH = 16;
/** AEAD nonce size in bytes. */
export const NONCE_LENGTH = 12;
/** Size of X25519 keys and secrets in bytes. */
export const X25519_LENGTH = 32;

const EMPTY = new Uint8Array(0);
const VERSION_LABEL = utf8ToBytes("HPKE-v1");

/** Suite id of DHKEM(X25519, HKDF-SHA256) (RFC 9180 § 4.1). */
const KEM_SUITE = concatBytes(utf8ToBytes("KEM"), Uint8Array.of(0, 0x20));
/** Suite id of HPKE with HKDF-SHA256 and AES-128-GCM (RFC 9180 § 5.1). */
const HPKE_SUITE = concatBytes(utf8ToBytes("HPKE"), Uint8Array.of(0, 0x20, 0, 1, 0, 1));

/** Key, nonce and exporter secret of an HPKE context. */
export interface KeySchedule {
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
  readonly exporterSecret: Uint8Array;
}

/** Key derivations of HPKE with DHKEM(X25519, HKDF-SHA256), HKDF-SHA256 and AES-128-GCM. */
export interface HpkeDerivations {
  /** Private key of DeriveKeyPair (RFC 9180 § 7.1.3). */
  privateKey(ikm: Uint8Array): Uint8Array;
  /** Shared secret of the KEM, from the Diffie-Hellman secret and both public keys (§ 4.1). */
  sharedSecret(dh: Uint8Array, ephemeral: Uint8Array, recipient: Uint8Array): Uint8Array;
  /** Key schedule in base mode (§ 5.1). */
  keySchedule(sharedSecret: Uint8Array, info: Uint8Array): KeySchedule;
  /** Secret export (§ 5.3). */
  exported(schedule: KeySchedule, context: Uint8Array, length: number): Uint8Array;
}

/** Derivations over a platform's HMAC. */
export function createHpkeDerivations(hmacSha256: Primitives["hmacSha256"]): HpkeDerivations {
  const labeledExtract = (suite: Uint8Array, salt: Uint8Array, label: string, ikm: Uint8Array) =>
    hmacSha256(salt, VERSION_LABEL, suite, utf8ToBytes(label), ikm);
  const labeledExpand = (
    suite: Uint8Array,
    prk: Uint8Array,
    label: string,
    info: Uint8Array,
    length: number,
  ) => {
    const lengthBytes = Uint8Array.of(length >> 8, length & 0xff);
    const labeledInfo = concatBytes(lengthBytes, VERSION_LABEL, suite, utf8ToBytes(label), info);
    return hkdfExpand(hmacSha256, prk, labeledInfo, length);
  };
  const pskIdHash = labeledExtract(HPKE_SUITE, EMPTY, "psk_id_hash", EMPTY);

  return {
    privateKey(ikm) {
      const prk = labeledExtract(KEM_SUITE, EMPTY, "dkp_prk", ikm);
      return labeledExpand(KEM_SUITE, prk, "sk", EMPTY, X25519_LENGTH);
    },
    sharedSecret(dh, ephemeral, recipient) {
      const prk = labeledExtract(KEM_SUITE, EMPTY, "eae_prk", dh);
      return labeledExpand(KEM_SUITE, prk, "shared_secret", concatBytes(ephemeral, recipient), HASH_LENGTH);
    },
    keySchedule(sharedSecret, info) {
      const infoHash = labeledExtract(HPKE_SUITE, EMPTY, "info_hash", info);
      const context = concatBytes(Uint8Array.of(0), pskIdHash, infoHash);
      const secret = labeledExtract(HPKE_SUITE, sharedSecret, "secret", EMPTY);
      return {
        key: labeledExpand(HPKE_SUITE, secret, "key", context, KEY_LENGTH),
        nonce: labeledExpand(HPKE_SUITE, secret, "base_nonce", context, NONCE_LENGTH),
        exporterSecret: labeledExpand(HPKE_SUITE, secret, "exp", context, HASH_LENGTH),
      };
    },
    exported: ({ exporterSecret }, context, length) =>
      labeledExpand(HPKE_SUITE, exporterSecret, "sec", context, length),
  };
}
