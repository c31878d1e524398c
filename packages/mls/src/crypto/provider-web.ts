import type { RandomSource } from "@demls/wire/core";
import type { CryptoProvider } from "../ts-mls.js";
import { createCryptoProvider } from "./crypto-provider.js";
import { platformPrimitives } from "./primitives-web.js";

/**
 * MLS's ciphersuite over WebCrypto and noble: what an MLS service takes wherever there is no Node, for
 * the option `crypto` where a bundler's conditions would choose otherwise.
 *
 * @param random every key comes from it.
 */
export function createWebCrypto(random: RandomSource): CryptoProvider {
  return createCryptoProvider(platformPrimitives, random);
}
