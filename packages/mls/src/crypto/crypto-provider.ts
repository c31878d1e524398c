import { DemlsError, type RandomSource } from "@demls/wire/core";
import type { CryptoProvider } from "../ts-mls.js";
import { createCiphersuite } from "./ciphersuite.js";
import { CIPHERSUITE } from "./ciphersuite.js";
import type { Primitives } from "./primitives.js";

/** Provider of ciphersuite 0x0001 only. */
export function createCryptoProvider(
  primitives: () => Promise<Primitives>,
  random: RandomSource,
): CryptoProvider {
  return {
    async getCiphersuiteImpl({ name }) {
      if (name !== CIPHERSUITE)
        throw new DemlsError("unsupported-ciphersuite", {
          message: `Ciphersuite ${name} is not supported: de-MLS uses only ciphersuite 0x0001.`,
          remedy: `Pass ${CIPHERSUITE}.`,
        });
      return createCiphersuite(await primitives(), random);
    },
  };
}
