import { bytesToHex } from "@demls/wire/core";
import { importPrivateKey } from "./pkcs8-web.js";
import type { X25519 } from "./primitives.js";

const BASE_POINT = Uint8Array.of(9, ...new Uint8Array(31));

/** Scalar 9 times the base point, the first iteration of RFC 7748 § 5.2. */
const KNOWN_PRODUCT = "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079";

/** X25519 from WebCrypto if it supports the curve and computes it correctly, otherwise from noble. */
export async function createX25519(subtle: SubtleCrypto | undefined): Promise<X25519> {
  const native = subtle && nativeX25519(subtle);
  return native !== undefined && (await computesKnown(native))
    ? native
    : (await import("./noble.js")).nobleX25519;
}

async function computesKnown({ publicKey }: X25519): Promise<boolean> {
  try {
    return bytesToHex(await publicKey(BASE_POINT)) === KNOWN_PRODUCT;
  } catch {
    return false;
  }
}

/** Imports private keys for each use: few are used twice, and an imported copy must not outlive the wiped bytes. */
function nativeX25519(subtle: SubtleCrypto): X25519 {
  const sharedSecret = async (privateKey: Uint8Array, publicKey: Uint8Array): Promise<Uint8Array> => {
    const [own, other] = await Promise.all([
      importPrivateKey(subtle, "X25519", privateKey, "deriveBits"),
      subtle.importKey("raw", publicKey as BufferSource, "X25519", false, []),
    ]);
    const secret = new Uint8Array(await subtle.deriveBits({ name: "X25519", public: other }, own, 256));
    // Not every WebCrypto rejects it.
    if (secret.every((byte) => byte === 0)) throw new Error("The public key has small order.");
    return secret;
  };
  return { sharedSecret, publicKey: (privateKey) => sharedSecret(privateKey, BASE_POINT) };
}
