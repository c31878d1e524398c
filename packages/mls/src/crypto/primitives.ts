/** What may be had at once or later: WebCrypto promises, node:crypto and noble do not. */
export type Awaitable<T> = T | Promise<T>;

/**
 * What ciphersuite 0x0001 is made of, in one platform's way. Which one is chosen is package.json's `imports`.
 *
 * Every implementation gives the same bytes for the same arguments, and refuses the same ones: keys
 * are raw and checked for their length before they come here.
 */
export interface Primitives {
  sha256(data: Uint8Array): Awaitable<Uint8Array>;
  /** HMAC-SHA256 of the parts, one after the other. */
  hmacSha256(key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array;
  readonly aesGcm: AesGcm;
  readonly x25519: X25519;
  readonly ed25519: Ed25519;
}

/** AES-128-GCM with a nonce of 12 bytes and the tag, 16 bytes, at the end of the ciphertext. */
export interface AesGcm {
  seal(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, plaintext: Uint8Array): Awaitable<Uint8Array>;
  /** The plaintext. Throws where the tag doesn't match. */
  open(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, ciphertext: Uint8Array): Awaitable<Uint8Array>;
}

/** X25519 (RFC 7748). */
export interface X25519 {
  /** The shared secret (§ 6.1). Throws where the public key is of small order. */
  sharedSecret(privateKey: Uint8Array, publicKey: Uint8Array): Awaitable<Uint8Array>;
  /** The public key of a private key. */
  publicKey(privateKey: Uint8Array): Awaitable<Uint8Array>;
}

/** Ed25519 (RFC 8032), deterministic, verified without the cofactor. */
export interface Ed25519 {
  sign(privateKey: Uint8Array, message: Uint8Array): Awaitable<Uint8Array>;
  /** What is malformed is `false` or throws; see `strictSignature`. */
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Awaitable<boolean>;
  /** The public key of a private key. */
  publicKey(privateKey: Uint8Array): Awaitable<Uint8Array>;
}
