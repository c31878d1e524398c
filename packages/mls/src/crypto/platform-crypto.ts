import type { CryptoProvider, Rng } from "../ts-mls.js";

/** What each platform's provider module exports; which one is chosen is package.json's `imports`. */
export interface PlatformCrypto {
  /** Primitives for ciphersuite 0x0001, drawing keys from `rng` wherever the platform lets it choose. */
  createProvider(rng: Rng): CryptoProvider;
  /** The Ed25519 public key of a private key, 32 bytes both. */
  ed25519PublicKey(privateKey: Uint8Array): Uint8Array;
  /** The X25519 public key of a private key, 32 bytes both. */
  x25519PublicKey(privateKey: Uint8Array): Uint8Array;
}
