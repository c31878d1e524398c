/** WebCrypto, which browsers offer in secure contexts alone: over HTTPS and on localhost. */
export const platformSubtle: SubtleCrypto | undefined = globalThis.crypto?.subtle;
