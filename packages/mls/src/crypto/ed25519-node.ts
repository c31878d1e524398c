import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from "node:crypto";
import { bytesToHex } from "@demls/wire/core";
import type { Rng, Signature } from "../ts-mls.js";
import { plainBytes } from "./hkdf-node.js";

/** Verification keys kept parsed: a member's is used with every message. The oldest makes room. */
const CACHED_PUBLIC_KEYS = 1024;

/** PKCS #8 of an Ed25519 key up to the 32 key bytes (RFC 8410 § 7). */
const PKCS8_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");

function importPrivate(privateKey: Uint8Array): KeyObject {
  const key = Buffer.concat([PKCS8_PREFIX, privateKey]);
  return createPrivateKey({ key, format: "der", type: "pkcs8" });
}

function importPublic(publicKey: Uint8Array): KeyObject {
  const x = Buffer.from(publicKey).toString("base64url");
  return createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
}

/** The public key of a private key, 32 bytes both. */
export function ed25519PublicKey(privateKey: Uint8Array): Uint8Array {
  const { x } = createPublicKey(importPrivate(privateKey)).export({ format: "jwk" });
  return Uint8Array.from(Buffer.from(x ?? "", "base64url"));
}

/** Ed25519 over node:crypto, with parsed keys cached: signing is ten times as fast as parsing the key. */
export function createEd25519(rng: Rng): Signature {
  const privateKeys = new WeakMap<Uint8Array, KeyObject>();
  const publicKeys = new Map<string, KeyObject>();

  const cachedPrivate = (key: Uint8Array): KeyObject => {
    const cached = privateKeys.get(key);
    if (cached !== undefined) return cached;
    const parsed = importPrivate(key);
    privateKeys.set(key, parsed);
    return parsed;
  };
  const cachedPublic = (key: Uint8Array): KeyObject => {
    const id = bytesToHex(key);
    const cached = publicKeys.get(id);
    if (cached !== undefined) return cached;
    const parsed = importPublic(key);
    const oldest = publicKeys.size >= CACHED_PUBLIC_KEYS ? publicKeys.keys().next().value : undefined;
    if (oldest !== undefined) publicKeys.delete(oldest);
    publicKeys.set(id, parsed);
    return parsed;
  };

  return {
    sign: async (privateKey, message) => plainBytes(sign(null, message, cachedPrivate(privateKey))),
    verify: async (publicKey, message, signature) =>
      verify(null, message, cachedPublic(publicKey), signature),
    async keygen() {
      const signKey = rng.randomBytes(32);
      return { signKey, publicKey: ed25519PublicKey(signKey) };
    },
  };
}
