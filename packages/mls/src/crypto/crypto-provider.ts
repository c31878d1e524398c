import { DemlsError, type RandomSource } from "@demls/wire/core";
import type { CryptoProvider } from "../ts-mls.js";
import { createCiphersuite } from "./ciphersuite.js";
import { CIPHERSUITE } from "./ciphersuite.js";
import type { Primitives } from "./primitives.js";

/** Ciphersuite 0x0001, and no other, as a provider. */
export function createCryptoProvider(
  primitives: () => Promise<Primitives>,
  random: RandomSource,
): CryptoProvider {
  return {
    async getCiphersuiteImpl({ name }) {
      if (name !== CIPHERSUITE)
        throw new DemlsError("unsupported-ciphersuite", {
          message: `There is no ${name} here: de-MLS has but ciphersuite 0x0001.`,
          remedy: `Ask for ${CIPHERSUITE}.`,
        });
      return createCiphersuite(await primitives(), random);
    },
  };
}
