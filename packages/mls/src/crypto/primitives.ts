/** Value or promise: WebCrypto returns promises, node:crypto and noble do not. */
export type Awaitable<T> = T | Promise<T>;

/**
 * Primitives of ciphersuite 0x0001 on one platform, chosen by `imports` in package.json.
 *
 * Every implementation returns the same bytes for the same arguments and rejects the same ones. Keys are raw, and their
 * length has been checked by the caller.
 */
export interface Primitives {
  sha256(data: Uint8Array): Awaitable<Uint8Array>;
  /** HMAC-SHA256 of the concatenated parts. */
  hmacSha256(key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array;
  readonly aesGcm: AesGcm;
  readonly x25519: X25519;
  readonly ed25519: Ed25519;
}

/** AES-128-GCM with a 12-byte nonce. The 16-byte tag follows the ciphertext. */
export interface AesGcm {
  seal(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, plaintext: Uint8Array): Awaitable<Uint8Array>;
  /** Returns the plaintext. Throws when the tag does not match. */
  open(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, ciphertext: Uint8Array): Awaitable<Uint8Array>;
}

/** X25519 (RFC 7748). */
export interface X25519 {
  /** Shared secret (§ 6.1). Throws when the public key has small order. */
  sharedSecret(privateKey: Uint8Array, publicKey: Uint8Array): Awaitable<Uint8Array>;
  /** Public key of a private key. */
  publicKey(privateKey: Uint8Array): Awaitable<Uint8Array>;
}

/** Ed25519 (RFC 8032), deterministic, verified without the cofactor. */
export interface Ed25519 {
  sign(privateKey: Uint8Array, message: Uint8Array): Awaitable<Uint8Array>;
  /** Malformed input returns `false` or throws; see `strictSignature`. */
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Awaitable<boolean>;
  /** Public key of a private key. */
  publicKey(privateKey: Uint8Array): Awaitable<Uint8Array>;
}
