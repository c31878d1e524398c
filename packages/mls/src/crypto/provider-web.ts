import { ed25519, x25519 } from "@noble/curves/ed25519.js";
import { defaultCryptoProvider, type CryptoProvider, type Rng } from "../ts-mls.js";
import type { PlatformCrypto } from "./platform-crypto.js";

/**
 * WebCrypto through ts-mls's default provider: what runs where there is no node:crypto.
 *
 * Key pairs come from the injected randomness through DeriveKeyPair (RFC 9180 § 7.1.3); the ephemeral
 * key of an HPKE encryption is WebCrypto's own, as its interface leaves no choice.
 */
export const platformCrypto: PlatformCrypto = {
  createProvider,
  ed25519PublicKey: (privateKey) => ed25519.getPublicKey(privateKey),
  x25519PublicKey: (privateKey) => x25519.getPublicKey(privateKey),
};

function createProvider(rng: Rng): CryptoProvider {
  return {
    async getCiphersuiteImpl(ciphersuite) {
      const suite = await defaultCryptoProvider.getCiphersuiteImpl(ciphersuite);
      const generateKeyPair = () => suite.hpke.deriveKeyPair(rng.randomBytes(32));
      return { ...suite, rng, hpke: { ...suite.hpke, generateKeyPair } };
    },
  };
}
