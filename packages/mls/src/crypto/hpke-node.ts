import { concatBytes, utf8ToBytes } from "@demls/wire/core";
import type { Hpke, PrivateKey, PublicKey, Rng } from "../ts-mls.js";
import { aesGcmOpen, aesGcmSeal } from "./aead-node.js";
import { HASH_LENGTH, hkdfExpand, hmacSha256 } from "./hkdf-node.js";
import { x25519, x25519PublicKey } from "./x25519-node.js";

const EMPTY = new Uint8Array(0);
const VERSION_LABEL = utf8ToBytes("HPKE-v1");
const KEY_LENGTH = 16;
const NONCE_LENGTH = 12;
const X25519_LENGTH = 32;

/** DHKEM(X25519, HKDF-SHA256): RFC 9180 § 4.1. */
const KEM_SUITE = concatBytes(utf8ToBytes("KEM"), Uint8Array.of(0, 0x20));
/** With HKDF-SHA256 and AES-128-GCM: RFC 9180 § 5.1. */
const HPKE_SUITE = concatBytes(utf8ToBytes("HPKE"), Uint8Array.of(0, 0x20, 0, 1, 0, 1));

/** ts-mls hands keys back as it got them, so they need be no CryptoKeys. */
interface RawKey {
  readonly raw: Uint8Array;
}

interface KeySchedule {
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
  readonly exporterSecret: Uint8Array;
}

function labeledExtract(suite: Uint8Array, salt: Uint8Array, label: string, ikm: Uint8Array): Uint8Array {
  return hmacSha256(salt, VERSION_LABEL, suite, utf8ToBytes(label), ikm);
}

function labeledExpand(
  suite: Uint8Array,
  prk: Uint8Array,
  label: string,
  info: Uint8Array,
  length: number,
): Uint8Array {
  const lengthBytes = Uint8Array.of(length >> 8, length & 0xff);
  return hkdfExpand(prk, concatBytes(lengthBytes, VERSION_LABEL, suite, utf8ToBytes(label), info), length);
}

function kemSharedSecret(dh: Uint8Array, ephemeral: Uint8Array, recipient: Uint8Array): Uint8Array {
  const prk = labeledExtract(KEM_SUITE, EMPTY, "eae_prk", dh);
  return labeledExpand(KEM_SUITE, prk, "shared_secret", concatBytes(ephemeral, recipient), HASH_LENGTH);
}

/** Base mode: RFC 9180 § 5.1. */
function keySchedule(sharedSecret: Uint8Array, info: Uint8Array): KeySchedule {
  const pskIdHash = labeledExtract(HPKE_SUITE, EMPTY, "psk_id_hash", EMPTY);
  const infoHash = labeledExtract(HPKE_SUITE, EMPTY, "info_hash", info);
  const context = concatBytes(Uint8Array.of(0), pskIdHash, infoHash);
  const secret = labeledExtract(HPKE_SUITE, sharedSecret, "secret", EMPTY);
  return {
    key: labeledExpand(HPKE_SUITE, secret, "key", context, KEY_LENGTH),
    nonce: labeledExpand(HPKE_SUITE, secret, "base_nonce", context, NONCE_LENGTH),
    exporterSecret: labeledExpand(HPKE_SUITE, secret, "exp", context, HASH_LENGTH),
  };
}

function derivePrivateKey(ikm: Uint8Array): Uint8Array {
  const prk = labeledExtract(KEM_SUITE, EMPTY, "dkp_prk", ikm);
  return labeledExpand(KEM_SUITE, prk, "sk", EMPTY, X25519_LENGTH);
}

function privateKey(raw: Uint8Array): PrivateKey {
  return { type: "private", raw } as unknown as PrivateKey;
}

function publicKey(raw: Uint8Array): PublicKey {
  return { type: "public", raw } as unknown as PublicKey;
}

function rawKey(key: PrivateKey | PublicKey): Uint8Array {
  return (key as unknown as RawKey).raw;
}

function checkedKey(bytes: Uint8Array): Uint8Array {
  if (bytes.length !== X25519_LENGTH) throw new Error("An X25519 key is 32 bytes.");
  return bytes;
}

/**
 * HPKE (RFC 9180) in base mode for DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-128-GCM, over
 * node:crypto: seven times as fast as over WebCrypto, and with every key from the injected randomness.
 */
export function createHpke(rng: Rng): Hpke {
  const encapsulate = (recipient: Uint8Array, info: Uint8Array) => {
    const ephemeral = derivePrivateKey(rng.randomBytes(X25519_LENGTH));
    const enc = x25519PublicKey(ephemeral);
    const dh = x25519(ephemeral, recipient);
    ephemeral.fill(0);
    return { enc, schedule: keySchedule(kemSharedSecret(dh, enc, recipient), info) };
  };
  const decapsulate = (recipient: Uint8Array, enc: Uint8Array, info: Uint8Array) => {
    const dh = x25519(recipient, checkedKey(enc));
    return keySchedule(kemSharedSecret(dh, enc, x25519PublicKey(recipient)), info);
  };
  const exported = (schedule: KeySchedule, context: Uint8Array, length: number) =>
    labeledExpand(HPKE_SUITE, schedule.exporterSecret, "sec", context, length);
  const keyPair = (ikm: Uint8Array) => {
    const key = derivePrivateKey(ikm);
    return { privateKey: privateKey(key), publicKey: publicKey(x25519PublicKey(key)) };
  };

  return {
    keyLength: KEY_LENGTH,
    nonceLength: NONCE_LENGTH,
    async seal(recipient, plaintext, info, aad = EMPTY) {
      const { enc, schedule } = encapsulate(rawKey(recipient), info);
      return { enc, ct: aesGcmSeal(schedule.key, schedule.nonce, aad, plaintext) };
    },
    async open(recipient, enc, ciphertext, info, aad = EMPTY) {
      const schedule = decapsulate(rawKey(recipient), enc, info);
      return aesGcmOpen(schedule.key, schedule.nonce, aad, ciphertext);
    },
    async exportSecret(recipient, context, length, info) {
      const { enc, schedule } = encapsulate(rawKey(recipient), info);
      return { enc, secret: exported(schedule, context, length) };
    },
    async importSecret(recipient, context, enc, length, info) {
      return exported(decapsulate(rawKey(recipient), enc, info), context, length);
    },
    importPrivateKey: async (bytes) => privateKey(checkedKey(bytes)),
    importPublicKey: async (bytes) => publicKey(checkedKey(bytes)),
    exportPrivateKey: async (key) => rawKey(key),
    exportPublicKey: async (key) => rawKey(key),
    encryptAead: async (key, nonce, aad, plaintext) => aesGcmSeal(key, nonce, aad ?? EMPTY, plaintext),
    decryptAead: async (key, nonce, aad, ciphertext) => aesGcmOpen(key, nonce, aad ?? EMPTY, ciphertext),
    deriveKeyPair: async (ikm) => keyPair(ikm),
    generateKeyPair: async () => keyPair(rng.randomBytes(X25519_LENGTH)),
  };
}
