/** One entry of OpenMLS's memory store, as recorded in 08_mls.json and 10_transcript.json. */
export interface StorageEntry {
  /** The label `KeyPackage`, the JSON of the key package's reference, and two version bytes. */
  readonly key_text: string;
  readonly key_hex: string;
  /** JSON: the key package and the two private keys that belong to it. */
  readonly value_text: string;
}

/** A member's Ed25519 keys. */
export interface StoredKeyPair {
  readonly private: readonly number[];
  readonly public: readonly number[];
}

/** A key package with its private part, as `OwnKeyPackage` of `@demls/mls`. */
export interface StoredKeyPackage {
  /** Hex. */
  readonly reference: string;
  readonly bytes: Uint8Array;
  readonly secrets: { readonly initPrivateKey: Uint8Array; readonly leafPrivateKey: Uint8Array };
}

interface ByteString {
  readonly vec: readonly number[];
}

/** The keys as `createMlsService` takes them. */
export function readSignatureKeyPair(pair: StoredKeyPair): {
  readonly privateKey: Uint8Array;
  readonly publicKey: Uint8Array;
} {
  return { privateKey: Uint8Array.from(pair.private), publicKey: Uint8Array.from(pair.public) };
}

/**
 * The only key package in a member's store, as recorded before the welcome arrived.
 *
 * @param bytes - the key package as the member announced it
 */
export function readStoredKeyPackage(storage: readonly StorageEntry[], bytes: Uint8Array): StoredKeyPackage {
  const [entry] = storage;
  if (entry === undefined || storage.length > 1)
    throw new Error("The store does not contain exactly one key package.");
  const value = JSON.parse(entry.value_text) as {
    readonly private_init_key: ByteString;
    readonly private_encryption_key: { readonly key: ByteString };
  };
  const key = JSON.parse(entry.key_text.slice("KeyPackage".length).replace(/[^}]*$/, "")) as {
    readonly value: ByteString;
  };
  return {
    reference: key.value.vec.map((byte) => byte.toString(16).padStart(2, "0")).join(""),
    bytes,
    secrets: {
      initPrivateKey: Uint8Array.from(value.private_init_key.vec),
      leafPrivateKey: Uint8Array.from(value.private_encryption_key.key.vec),
    },
  };
}
