import { createAesGcm } from "./aead-web.js";
import { createEd25519 } from "./ed25519-web.js";
import { createSha256, hmacSha256 } from "./hash-web.js";
import type { Primitives } from "./primitives.js";
import { platformSubtle } from "./subtle-web.js";
import { createX25519 } from "./x25519-web.js";

/** Primitives of browsers and other platforms without node:crypto. */
export function platformPrimitives(): Promise<Primitives> {
  return webPrimitives(platformSubtle);
}

/**
 * WebCrypto for operations in which it is faster, noble for the rest. Noble also replaces algorithms that this
 * platform's WebCrypto lacks: Ed25519 and X25519 in older browsers, all of them outside a secure context.
 *
 * @param subtle `undefined` when the platform has no WebCrypto.
 */
export async function webPrimitives(subtle: SubtleCrypto | undefined): Promise<Primitives> {
  const [aesGcm, x25519, ed25519] = await Promise.all([
    createAesGcm(subtle),
    createX25519(subtle),
    createEd25519(subtle),
  ]);
  return { sha256: createSha256(subtle), hmacSha256, aesGcm, x25519, ed25519 };
}
