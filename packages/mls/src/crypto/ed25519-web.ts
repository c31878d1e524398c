import { bytesToHex, hexToBytes } from "@demls/wire/core";
import { cachedPrivateKeys, cachedPublicKeys } from "./key-cache.js";
import { importPrivateKey } from "./pkcs8-web.js";
import type { Awaitable, Ed25519 } from "./primitives.js";

const EMPTY = new Uint8Array(0);

/** RFC 8032 § 7.1, test 1: the signature of an empty message. */
const KNOWN_PRIVATE_KEY = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
const KNOWN_PUBLIC_KEY = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
const KNOWN_SIGNATURE =
  "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b";

/**
 * Ed25519 from WebCrypto if it supports the curve, otherwise from noble. Signing and verifying are chosen separately:
 * Safari's signatures are valid but not deterministic, so replaying a step would produce a different packet.
 */
export async function createEd25519(subtle: SubtleCrypto | undefined): Promise<Ed25519> {
  const native = subtle && (await withoutWrong(nativeEd25519(subtle)));
  if (native?.sign && native.verify && native.publicKey) return native as Ed25519;
  const { nobleEd25519 } = await import("./noble.js");
  return { ...nobleEd25519, ...native };
}

/** The WebCrypto operations that reproduce the test vector. */
async function withoutWrong({ sign, verify, publicKey }: Ed25519): Promise<Partial<Ed25519>> {
  const [signs, verifies, derives] = await Promise.all([
    holds(async () => bytesToHex(await sign(unhex(KNOWN_PRIVATE_KEY), EMPTY)) === KNOWN_SIGNATURE),
    holds(() => verify(unhex(KNOWN_PUBLIC_KEY), EMPTY, unhex(KNOWN_SIGNATURE))),
    holds(async () => bytesToHex(await publicKey(unhex(KNOWN_PRIVATE_KEY))) === KNOWN_PUBLIC_KEY),
  ]);
  return { ...(signs && { sign }), ...(verifies && { verify }), ...(derives && { publicKey }) };
}

async function holds(check: () => Awaitable<boolean>): Promise<boolean> {
  try {
    return await check();
  } catch {
    return false;
  }
}

function unhex(hex: string): Uint8Array {
  return hexToBytes(hex) ?? EMPTY;
}

function nativeEd25519(subtle: SubtleCrypto): Ed25519 {
  const cachedPrivate = cachedPrivateKeys((key) => importPrivateKey(subtle, "Ed25519", key, "sign"));
  const cachedPublic = cachedPublicKeys((key) =>
    subtle.importKey("raw", key as BufferSource, "Ed25519", false, ["verify"]),
  );
  return {
    async sign(privateKey, message) {
      const key = await cachedPrivate(privateKey);
      return new Uint8Array(await subtle.sign("Ed25519", key, message as BufferSource));
    },
    async verify(publicKey, message, signature) {
      const key = await cachedPublic(publicKey);
      return subtle.verify("Ed25519", key, signature as BufferSource, message as BufferSource);
    },
    async publicKey(privateKey) {
      const pair = await importPrivateKey(subtle, "Ed25519", privateKey, "sign", true);
      // WebCrypto derives the public key only when exporting as JWK, next to the private key.
      const { kty, crv, x } = await subtle.exportKey("jwk", pair);
      const key = await subtle.importKey("jwk", { kty, crv, x } as JsonWebKey, "Ed25519", true, ["verify"]);
      return new Uint8Array(await subtle.exportKey("raw", key));
    },
  };
}
