import { createPrivateKey, createPublicKey, diffieHellman, type KeyObject } from "node:crypto";
import { plainBytes } from "./hash-node.js";
import type { X25519 } from "./primitives.js";

const BASE_POINT = importPublic(Uint8Array.of(9, ...new Uint8Array(31)));

/**
 * Placeholder public key: Node imports a raw private key only with a public key, which it then ignores. Importing a JWK
 * takes a tenth of the time of importing DER.
 */
const UNREAD = Buffer.alloc(32).toString("base64url");

function importPublic(publicKey: Uint8Array): KeyObject {
  const x = Buffer.from(publicKey).toString("base64url");
  return createPublicKey({ key: { kty: "OKP", crv: "X25519", x }, format: "jwk" });
}

function importPrivate(privateKey: Uint8Array): KeyObject {
  const d = Buffer.from(privateKey).toString("base64url");
  return createPrivateKey({ key: { kty: "OKP", crv: "X25519", d, x: UNREAD }, format: "jwk" });
}

/** X25519 over node:crypto. */
export const x25519: X25519 = {
  sharedSecret(privateKey, publicKey) {
    const secret = diffieHellman({
      privateKey: importPrivate(privateKey),
      publicKey: importPublic(publicKey),
    });
    if (secret.every((byte) => byte === 0)) throw new Error("The public key has small order.");
    return plainBytes(secret);
  },
  publicKey(privateKey) {
    return plainBytes(diffieHellman({ privateKey: importPrivate(privateKey), publicKey: BASE_POINT }));
  },
};
