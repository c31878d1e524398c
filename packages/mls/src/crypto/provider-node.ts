import { createHash, timingSafeEqual } from "node:crypto";
import { defaultCryptoProvider, type CryptoProvider, type Hash, type Kdf, type Rng } from "../ts-mls.js";
import { createEd25519, ed25519PublicKey } from "./ed25519-node.js";
import { HASH_LENGTH, hkdfExpand, hmacSha256, plainBytes } from "./hkdf-node.js";
import { createHpke } from "./hpke-node.js";
import type { PlatformCrypto } from "./platform-crypto.js";
import { x25519PublicKey } from "./x25519-node.js";

/** Ciphersuite 0x0001 over node:crypto; any other is ts-mls's own business. */
export const platformCrypto: PlatformCrypto = { createProvider, ed25519PublicKey, x25519PublicKey };

const hash: Hash = {
  digest: async (data) => plainBytes(createHash("sha256").update(data).digest()),
  mac: async (key, data) => hmacSha256(key, data),
  async verifyMac(key, mac, data) {
    return mac.length === HASH_LENGTH && timingSafeEqual(mac, hmacSha256(key, data));
  },
};

const kdf: Kdf = {
  size: HASH_LENGTH,
  extract: async (salt, ikm) => hmacSha256(salt, ikm),
  expand: async (prk, info, length) => hkdfExpand(prk, info, length),
};

function createProvider(rng: Rng): CryptoProvider {
  return {
    async getCiphersuiteImpl(ciphersuite) {
      if (ciphersuite.name !== "MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519")
        return defaultCryptoProvider.getCiphersuiteImpl(ciphersuite);
      return { name: ciphersuite.name, rng, hash, kdf, hpke: createHpke(rng), signature: createEd25519(rng) };
    },
  };
}
