import { createAesGcm } from "./aead-web.js";
import { createEd25519 } from "./ed25519-web.js";
import { createSha256, hmacSha256 } from "./hash-web.js";
import type { Primitives } from "./primitives.js";
import { platformSubtle } from "./subtle-web.js";
import { createX25519 } from "./x25519-web.js";

/** The primitives of browsers and of whatever else has no node:crypto. */
export function platformPrimitives(): Promise<Primitives> {
  return webPrimitives(platformSubtle);
}

/**
 * WebCrypto for what it is faster at, noble for the rest and for what this platform's WebCrypto lacks:
 * Ed25519 and X25519 in older browsers, everything outside of a secure context.
 *
 * @param subtle `undefined` where there is no WebCrypto.
 */
export async function webPrimitives(subtle: SubtleCrypto | undefined): Promise<Primitives> {
  const [aesGcm, x25519, ed25519] = await Promise.all([
    createAesGcm(subtle),
    createX25519(subtle),
    createEd25519(subtle),
  ]);
  return { sha256: createSha256(subtle), hmacSha256, aesGcm, x25519, ed25519 };
}
