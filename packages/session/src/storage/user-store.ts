import type { MlsService, OwnKeyPackage, SignatureKeyPair } from "@demls/mls";
import {
  bytesEqual,
  DemlsError,
  deleteRecord,
  isBytes,
  putRecord,
  type Clock,
  type MemberId,
  type Storage,
  type StorageOperation,
} from "@demls/wire/core";
import { createConversationStore, type RestorableStore } from "./conversation-store.js";
import { corruptStorage } from "./corrupt-storage.js";
import { conversationKey, conversationNamespace, conversationSerials, recordAt, USER } from "./namespaces.js";
import { decodeAll } from "./ordered-records.js";
import { decodeRecord, encodeRecord } from "./plain-data.js";
import { claimStorage } from "./storage-claim.js";
import { formatRecord, migrate, storeFormat } from "./store-format.js";

const IDENTITY = "identity";
const PROOF = "proof";
const KEY_PACKAGE = "key-package";

/** Identity of the stored user, and the signature key of its leaf nodes, which the stored groups need. */
export interface StoredIdentity {
  readonly self: MemberId;
  readonly signatureKeyPair: Required<SignatureKeyPair>;
}

/** Stored key package, and its conversation, if it was generated for one. */
export interface KeptKeyPackage {
  readonly keyPackage: OwnKeyPackage;
  readonly conversation: string | undefined;
  /** Serial number in order of generation. */
  readonly serial: number;
}

/** Store of a user: its conversations and key packages. */
export interface UserStore {
  /** Stores of the stored conversations, oldest first; each must be restored. */
  conversations(): Promise<readonly RestorableStore[]>;
  /** Store of a new conversation. */
  newConversation(): RestorableStore;
  /** Deletes key packages. */
  forgetKeyPackages(references: readonly string[]): Promise<void>;
  /** Stored identity proof; undefined if there is none. */
  identityProof(): Promise<Uint8Array | undefined>;
  /** Stores the identity proof, so that the signer is asked for it once. */
  keepIdentityProof(proof: Uint8Array): Promise<void>;
  /** Stores the signature key of a service and its identity proof in place of the former ones, as one batch. */
  keepLeafKey(mls: MlsService, proof: Uint8Array): Promise<void>;
  /** Stored key packages, oldest first. */
  keyPackages(): Promise<readonly KeptKeyPackage[]>;
  /** Stores a key package and deletes evicted ones, as one batch. */
  keepKeyPackage(kept: KeptKeyPackage, forgotten: readonly string[]): Promise<void>;
}

/**
 * Returns a stored user's MLS signature key pair, for an MLS service that continues its groups; `undefined` if the
 * storage is empty. Upgrades the storage, which counts as in use meanwhile.
 *
 * @throws DemlsError `storage-in-use` if another user of this process uses it, before anything is read; `storage-newer`
 *   if a later release wrote it; `corrupt-storage` if the key pair cannot be read.
 */
export async function storedSignatureKeyPair(storage: Storage): Promise<SignatureKeyPair | undefined> {
  const release = claimStorage(storage);
  try {
    await upgrade(storage);
    return (await storedIdentity(storage))?.signatureKeyPair;
  } finally {
    release();
  }
}

/** Brings the store to this release's format. */
async function upgrade(storage: Storage): Promise<void> {
  const version = await storeFormat(storage);
  if (version !== undefined) await migrate(storage, version);
}

/**
 * Opens the store of a user; creates it in an empty storage.
 *
 * @throws DemlsError `storage-newer` if a later release wrote it; `foreign-storage` if it holds another user, or this
 *   one with another signature key; `corrupt-storage` if the identity cannot be read.
 */
export async function openUserStore(storage: Storage, mls: MlsService, clock: Clock): Promise<UserStore> {
  await upgrade(storage);
  const stored = await storedIdentity(storage);
  if (stored === undefined) await storage.write([formatRecord(), identityRecord(mls)]);
  else if (!isIdentityOf(stored, mls)) throw foreignStorage();

  const registered = await conversationSerials(storage);
  let lastSerial = Math.max(0, ...registered);

  function conversationStore(serial: number): RestorableStore {
    const key = conversationKey(serial);
    return createConversationStore({
      ...{ mls, storage, clock },
      namespace: conversationNamespace(serial),
      registration: putRecord(USER, key, encodeRecord(serial)),
      deregistration: deleteRecord(USER, key),
      keyPackageForgotten,
    });
  }

  return {
    async conversations() {
      return registered.map(conversationStore);
    },
    newConversation: () => conversationStore(++lastSerial),

    async forgetKeyPackages(references) {
      if (references.length > 0) await storage.write(references.map(keyPackageForgotten));
    },

    async identityProof() {
      const record = await recordAt(storage, USER, PROOF);
      const proof = record && decodeRecord(record.value);
      if (proof !== undefined && !isBytes(proof)) throw corruptStorage(undefined);
      return proof;
    },

    async keepIdentityProof(proof) {
      await storage.write([putRecord(USER, PROOF, encodeRecord(proof))]);
    },

    async keepLeafKey(next, proof) {
      const identity = identityRecord(next);
      await storage.write([identity, putRecord(USER, PROOF, encodeRecord(proof))]);
      if (identity.kind === "put") identity.value.fill(0);
    },

    async keyPackages() {
      const kept = decodeAll(await storage.scan(USER, { prefix: `${KEY_PACKAGE}/` })) as KeptKeyPackage[];
      return kept.sort((a, b) => a.serial - b.serial);
    },

    async keepKeyPackage(kept, forgotten) {
      const record = encodeRecord(kept);
      const { reference } = kept.keyPackage;
      await storage.write([
        putRecord(USER, `${KEY_PACKAGE}/${reference}`, record),
        ...forgotten.map(keyPackageForgotten),
      ]);
      record.fill(0);
    },
  };
}

async function storedIdentity(storage: Storage): Promise<StoredIdentity | undefined> {
  const record = await recordAt(storage, USER, IDENTITY);
  if (record === undefined) return undefined;
  try {
    const { self, signatureKeyPair } = decodeRecord(record.value) as StoredIdentity;
    const { publicKey, privateKey, since } = signatureKeyPair;
    if (isBytes(publicKey) && isBytes(privateKey) && Number.isInteger(since))
      return { self, signatureKeyPair };
  } catch (error) {
    throw corruptStorage(error);
  }
  throw corruptStorage(undefined);
}

function identityRecord(mls: MlsService): StorageOperation {
  const { signaturePrivateKey: privateKey, signaturePublicKey: publicKey, signatureKeySince: since } = mls;
  const signatureKeyPair = { privateKey, publicKey, since };
  const identity: StoredIdentity = { self: mls.identity, signatureKeyPair };
  return putRecord(USER, IDENTITY, encodeRecord(identity));
}

function isIdentityOf({ self, signatureKeyPair }: StoredIdentity, mls: MlsService): boolean {
  return self === mls.identity && bytesEqual(signatureKeyPair.publicKey, mls.signaturePublicKey);
}

function keyPackageForgotten(reference: string): StorageOperation {
  return deleteRecord(USER, `${KEY_PACKAGE}/${reference}`);
}

function foreignStorage(): DemlsError<"foreign-storage"> {
  return new DemlsError("foreign-storage", {
    message: "The storage keeps another user, or this one with another signature key.",
    field: "storage",
    remedy: "Pass the storage of this user's key; give every user one of its own.",
  });
}
