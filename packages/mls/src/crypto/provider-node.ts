import type { RandomSource } from "@demls/wire/core";
import type { CryptoProvider } from "../ts-mls.js";
import { createCryptoProvider } from "./crypto-provider.js";
import { platformPrimitives } from "./primitives-node.js";

/**
 * MLS's ciphersuite over node:crypto, the default of an MLS service on Node. Pass it as the option `crypto` when a
 * bundler's conditions would choose another.
 *
 * @param random source of every key.
 */
export function createNodeCrypto(random: RandomSource): CryptoProvider {
  return createCryptoProvider(platformPrimitives, random);
}
