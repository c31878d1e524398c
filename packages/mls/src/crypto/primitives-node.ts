import { aesGcm } from "./aead-node.js";
import { createEd25519 } from "./ed25519-node.js";
import { hmacSha256, sha256 } from "./hash-node.js";
import type { Primitives } from "./primitives.js";
import { x25519 } from "./x25519-node.js";

/** Primitives of Node: node:crypto for all, synchronous. */
export async function platformPrimitives(): Promise<Primitives> {
  return { sha256, hmacSha256, aesGcm, x25519, ed25519: createEd25519() };
}
