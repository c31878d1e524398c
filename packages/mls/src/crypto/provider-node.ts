import type { RandomSource } from "@demls/wire/core";
import type { CryptoProvider } from "../ts-mls.js";
import { createCryptoProvider } from "./crypto-provider.js";
import { platformPrimitives } from "./primitives-node.js";

/**
 * MLS's ciphersuite over node:crypto: what an MLS service takes on Node by itself, for
 * the option `crypto` where a bundler's conditions would choose otherwise.
 *
 * @param random every key comes from it.
 */
export function createNodeCrypto(random: RandomSource): CryptoProvider {
  return createCryptoProvider(platformPrimitives, random);
}
