import type { RandomSource } from "@demls/wire/core";
import type { Hpke, PrivateKey, PublicKey } from "../ts-mls.js";
import {
  createHpkeDerivations,
  KEY_LENGTH,
  NONCE_LENGTH,
  X25519_LENGTH,
  type KeySchedule,
} from "./hpke-derivations.js";
import type { Primitives } from "./primitives.js";

const EMPTY = new Uint8Array(0);

/** Opaque wrapper of a raw key. ts-mls passes keys back unchanged, so they need not be CryptoKeys. */
interface RawKey {
  readonly raw: Uint8Array;
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

/** Checks a length here, because platforms differ in the lengths that they accept. */
function ofLength(length: number, bytes: Uint8Array, what: string): Uint8Array {
  if (bytes.length !== length) throw new Error(`${what} is ${length} bytes.`);
  return bytes;
}

const x25519Key = (bytes: Uint8Array) => ofLength(X25519_LENGTH, bytes, "An X25519 key");
const aeadKey = (bytes: Uint8Array) => ofLength(KEY_LENGTH, bytes, "An AES-128 key");
const aeadNonce = (bytes: Uint8Array) => ofLength(NONCE_LENGTH, bytes, "A nonce");

/**
 * HPKE (RFC 9180) in base mode with DHKEM(X25519, HKDF-SHA256), HKDF-SHA256 and AES-128-GCM. All keys come from the
 * injected randomness. Intermediate secrets are zeroed after use.
 */
export function createHpke({ hmacSha256, aesGcm, x25519 }: Primitives, random: RandomSource): Hpke {
  const derive = createHpkeDerivations(hmacSha256);

  const keySchedule = (dh: Uint8Array, enc: Uint8Array, recipient: Uint8Array, info: Uint8Array) => {
    const sharedSecret = derive.sharedSecret(dh, enc, recipient);
    const schedule = derive.keySchedule(sharedSecret, info);
    dh.fill(0);
    sharedSecret.fill(0);
    return schedule;
  };
  const encapsulate = async (recipient: Uint8Array, info: Uint8Array) => {
    const ephemeral = derive.privateKey(random.bytes(X25519_LENGTH));
    try {
      const [enc, dh] = await Promise.all([
        x25519.publicKey(ephemeral),
        x25519.sharedSecret(ephemeral, recipient),
      ]);
      return { enc, schedule: keySchedule(dh, enc, recipient, info) };
    } finally {
      ephemeral.fill(0);
    }
  };
  const decapsulate = async (recipient: Uint8Array, enc: Uint8Array, info: Uint8Array) => {
    const [own, dh] = await Promise.all([
      x25519.publicKey(recipient),
      x25519.sharedSecret(recipient, x25519Key(enc)),
    ]);
    return keySchedule(dh, enc, own, info);
  };
  const keyPair = async (ikm: Uint8Array) => {
    const key = derive.privateKey(ikm);
    return { privateKey: privateKey(key), publicKey: publicKey(await x25519.publicKey(key)) };
  };

  return {
    keyLength: KEY_LENGTH,
    nonceLength: NONCE_LENGTH,
    async seal(recipient, plaintext, info, aad = EMPTY) {
      const { enc, schedule } = await encapsulate(rawKey(recipient), info);
      const ct = await aesGcm.seal(schedule.key, schedule.nonce, aad, plaintext);
      wipe(schedule);
      return { enc, ct };
    },
    async open(recipient, enc, ciphertext, info, aad = EMPTY) {
      const schedule = await decapsulate(rawKey(recipient), enc, info);
      try {
        return await aesGcm.open(schedule.key, schedule.nonce, aad, ciphertext);
      } finally {
        wipe(schedule);
      }
    },
    async exportSecret(recipient, context, length, info) {
      const { enc, schedule } = await encapsulate(rawKey(recipient), info);
      const secret = derive.exported(schedule, context, length);
      wipe(schedule);
      return { enc, secret };
    },
    async importSecret(recipient, context, enc, length, info) {
      const schedule = await decapsulate(rawKey(recipient), enc, info);
      const secret = derive.exported(schedule, context, length);
      wipe(schedule);
      return secret;
    },
    importPrivateKey: async (bytes) => privateKey(x25519Key(bytes)),
    importPublicKey: async (bytes) => publicKey(x25519Key(bytes)),
    exportPrivateKey: async (key) => rawKey(key),
    exportPublicKey: async (key) => rawKey(key),
    encryptAead: async (key, nonce, aad, plaintext) =>
      aesGcm.seal(aeadKey(key), aeadNonce(nonce), aad ?? EMPTY, plaintext),
    decryptAead: async (key, nonce, aad, ciphertext) =>
      aesGcm.open(aeadKey(key), aeadNonce(nonce), aad ?? EMPTY, ciphertext),
    deriveKeyPair: keyPair,
    generateKeyPair: () => keyPair(random.bytes(X25519_LENGTH)),
  };
}

function wipe({ key, nonce, exporterSecret }: KeySchedule): void {
  for (const secret of [key, nonce, exporterSecret]) secret.fill(0);
}
