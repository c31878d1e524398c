/** WebCrypto as browsers had it before Ed25519 and X25519. */
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

/** WebCrypto that imports no Ed25519 key of one format as long as it `isBusy`. */
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

/** WebCrypto as Safari has it: what signs Ed25519 draws the nonce at random. */
export function withRandomSignatures(subtle: SubtleCrypto): SubtleCrypto {
  return new Proxy(subtle, {
    get(target, name) {
      if (name === "sign") return async () => new Uint8Array(64).fill(1).buffer;
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
}
