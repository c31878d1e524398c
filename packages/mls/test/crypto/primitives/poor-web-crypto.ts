/** WebCrypto of browsers before Ed25519 and X25519. */
export function withoutCurves(subtle: SubtleCrypto): SubtleCrypto {
  return {
    digest: (...args: Parameters<SubtleCrypto["digest"]>) => subtle.digest(...args),
    encrypt: (...args: Parameters<SubtleCrypto["encrypt"]>) => subtle.encrypt(...args),
    decrypt: (...args: Parameters<SubtleCrypto["decrypt"]>) => subtle.decrypt(...args),
    async importKey(format: "raw", key: BufferSource, algorithm: string, ...rest: [boolean, KeyUsage[]]) {
      if (algorithm.endsWith("25519")) throw new DOMException("Unrecognized name.", "NotSupportedError");
      return subtle.importKey(format, key, algorithm, ...rest);
    },
  } as unknown as SubtleCrypto;
}

/** WebCrypto that fails to import Ed25519 keys of one format while it `isBusy`. */
export function withBusyImports(
  subtle: SubtleCrypto,
  format: "raw" | "pkcs8",
  isBusy: () => boolean,
): SubtleCrypto {
  const importKey = async (...args: Parameters<SubtleCrypto["importKey"]>) => {
    if (args[0] === format && args[2] === "Ed25519" && isBusy()) throw new DOMException("", "OperationError");
    return subtle.importKey(...args);
  };
  return new Proxy(subtle, {
    get(target, name) {
      if (name === "importKey") return importKey;
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
}

/** WebCrypto of Safari, which signs Ed25519 with a random nonce. */
export function withRandomSignatures(subtle: SubtleCrypto): SubtleCrypto {
  return new Proxy(subtle, {
    get(target, name) {
      if (name === "sign") return async () => new Uint8Array(64).fill(1).buffer;
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
}
