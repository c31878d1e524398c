import { bytesToHex, hexToBytes } from "@demls/wire/core";
import { nobleEd25519 } from "./ed25519-noble.js";
import { cachedPrivateKeys, cachedPublicKeys } from "./key-cache.js";
import { importPrivateKey } from "./pkcs8-web.js";
import type { Ed25519 } from "./primitives.js";

const EMPTY = new Uint8Array(0);

/** RFC 8032 § 7.1, test 1: the signature of an empty message. */
const KNOWN_PRIVATE_KEY = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
const KNOWN_PUBLIC_KEY = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
const KNOWN_SIGNATURE =
  "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b";

type NativeEd25519 = Pick<Ed25519, "sign" | "verify">;

/**
 * Ed25519: WebCrypto's where it has this curve, else noble's; signing and verifying are chosen apart, because
 * Safari's signatures hold, but are others at every turn, and the same step would give another packet.
 */
export async function createEd25519(subtle: SubtleCrypto | undefined): Promise<Ed25519> {
  if (subtle === undefined) return nobleEd25519;
  const native = nativeEd25519(subtle);
  const [signs, verifies] = await Promise.all([signsAsKnown(native), verifiesKnown(native)]);
  return {
    sign: signs ? native.sign : nobleEd25519.sign,
    verify: verifies ? native.verify : nobleEd25519.verify,
    publicKey: nobleEd25519.publicKey,
  };
}

async function signsAsKnown({ sign }: NativeEd25519): Promise<boolean> {
  try {
    return bytesToHex(await sign(unhex(KNOWN_PRIVATE_KEY), EMPTY)) === KNOWN_SIGNATURE;
  } catch {
    return false;
  }
}

async function verifiesKnown({ verify }: NativeEd25519): Promise<boolean> {
  try {
    return await verify(unhex(KNOWN_PUBLIC_KEY), EMPTY, unhex(KNOWN_SIGNATURE));
  } catch {
    return false;
  }
}

function unhex(hex: string): Uint8Array {
  return hexToBytes(hex) ?? EMPTY;
}

function nativeEd25519(subtle: SubtleCrypto): NativeEd25519 {
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
  };
}
