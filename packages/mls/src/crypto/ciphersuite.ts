import type { RandomSource } from "@demls/wire/core";
import type { CiphersuiteImpl, CiphersuiteName, Hash, Kdf } from "../ts-mls.js";
import { equalInConstantTime } from "./constant-time.js";
import { HASH_LENGTH, hkdfExpand } from "./hkdf.js";
import { createHpke } from "./hpke.js";
import type { Primitives } from "./primitives.js";

/** Ciphersuite 0x0001, the only one used by de-MLS. */
export const CIPHERSUITE: CiphersuiteName = "MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519";

/** Ciphersuite 0x0001 in the shape that ts-mls expects. All keys come from `random`. */
export function createCiphersuite(primitives: Primitives, random: RandomSource): CiphersuiteImpl {
  const { sha256, hmacSha256, ed25519 } = primitives;
  const hash: Hash = {
    digest: async (data) => sha256(data),
    mac: async (key, data) => hmacSha256(key, data),
    verifyMac: async (key, mac, data) => equalInConstantTime(mac, hmacSha256(key, data)),
  };
  const kdf: Kdf = {
    size: HASH_LENGTH,
    extract: async (salt, ikm) => hmacSha256(salt, ikm),
    expand: async (prk, info, length) => hkdfExpand(hmacSha256, prk, info, length),
  };
  const rng = { randomBytes: (length: number) => random.bytes(length) };
  return {
    name: CIPHERSUITE,
    rng,
    hash,
    kdf,
    hpke: createHpke(primitives, random),
    signature: {
      sign: async (privateKey, message) => ed25519.sign(privateKey, message),
      verify: async (publicKey, message, signature) => ed25519.verify(publicKey, message, signature),
      async keygen() {
        const signKey = random.bytes(32);
        return { signKey, publicKey: await ed25519.publicKey(signKey) };
      },
    },
  };
}
