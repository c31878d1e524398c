import type { AesGcm } from "./primitives.js";

/** AES-128-GCM. WebCrypto is several times as fast as noble, even though each key is imported for one use. */
export async function createAesGcm(subtle: SubtleCrypto | undefined): Promise<AesGcm> {
  return subtle === undefined ? (await import("./noble.js")).nobleAesGcm : nativeAesGcm(subtle);
}

function nativeAesGcm(subtle: SubtleCrypto): AesGcm {
  const parameters = (nonce: Uint8Array, aad: Uint8Array): AesGcmParams => ({
    name: "AES-GCM",
    iv: nonce as BufferSource,
    additionalData: aad as BufferSource,
  });
  const importKey = (key: Uint8Array, usage: "encrypt" | "decrypt"): Promise<CryptoKey> =>
    subtle.importKey("raw", key as BufferSource, "AES-GCM", false, [usage]);
  return {
    async seal(key, nonce, aad, plaintext) {
      const imported = await importKey(key, "encrypt");
      return new Uint8Array(
        await subtle.encrypt(parameters(nonce, aad), imported, plaintext as BufferSource),
      );
    },
    async open(key, nonce, aad, ciphertext) {
      const imported = await importKey(key, "decrypt");
      return new Uint8Array(
        await subtle.decrypt(parameters(nonce, aad), imported, ciphertext as BufferSource),
      );
    },
  };
}
