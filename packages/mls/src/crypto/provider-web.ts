import type { RandomSource } from "@demls/wire/core";
import type { CryptoProvider } from "../ts-mls.js";
import { createCryptoProvider } from "./crypto-provider.js";
import { platformPrimitives } from "./primitives-web.js";

/**
 * MLS's ciphersuite over WebCrypto and noble, the default of an MLS service outside Node. Pass it as the option
 * `crypto` when a bundler's conditions would choose another.
 *
 * @param random source of every key.
 */
export function createWebCrypto(random: RandomSource): CryptoProvider {
  return createCryptoProvider(platformPrimitives, random);
}
