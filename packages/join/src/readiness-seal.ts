import { concatBytes, utf8ToBytes } from "@demls/wire/core";
import { Aes128Gcm, CipherSuite, HkdfSha256 } from "@hpke/core";
import { DhkemX25519HkdfSha256 } from "@hpke/dhkem-x25519";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";

const VERSION = 1;
const LABEL = utf8ToBytes("demls readiness\0");
const DIGEST_PREFIX_BYTES = 16;

/** Label of a leaf's signature. */
export const SIGNATURE_LABEL = "demls readiness";

/** HPKE (RFC 9180) in base mode. The KEM is not WebCrypto's, which lacks X25519 in some browsers. */
export const hpke = new CipherSuite({
  kem: new DhkemX25519HkdfSha256(),
  kdf: new HkdfSha256(),
  aead: new Aes128Gcm(),
});

/** The public start of an answer, by which a joiner finds its own: version and a prefix of the probe's digest. */
export function publicPart(digest: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(VERSION), digest.subarray(0, DIGEST_PREFIX_BYTES));
}

/** Bytes for one probe alone: those that an HPKE key schedule, a MAC or a signature covers. */
export function forProbe(digest: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array {
  return concatBytes(LABEL, digest, ...parts);
}

/** The MAC of a member that knows the invitation's member key. */
export function memberMac(key: Uint8Array, digest: Uint8Array, content: Uint8Array): Uint8Array {
  return hmac(sha256, key, forProbe(digest, content));
}

/** Bytes in a buffer of their own, as WebCrypto requires it. */
export function ownBuffer(bytes: Uint8Array): ArrayBuffer {
  return Uint8Array.from(bytes).buffer;
}
