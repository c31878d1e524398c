import { basename, join } from "node:path";
import { encryptedStorage } from "@demls/storage-encrypted";
import type { KnownPeer } from "@demls/transport-gossipsub/node";
import { bytesToHex, bytesToUtf8, putRecord, utf8ToBytes } from "@demls/wire/core";
import { DemlsError, type Storage, type StorageOperation } from "demls";
import type { ChatFiles, ClosableStorage, Disk } from "../files/chat-files.js";
import { parseFields } from "../files/parse-fields.js";
import { KEY_BYTES, keyIn } from "../identity/hex-key.js";
import type { Framing } from "../network/chat-transport.js";
import type { Profile, ProfileContext } from "./profile.js";
import { chatFolder, chatFolders, writeSummary, type ChatSummary } from "./summary.js";

/** Settings of a conversation's network that the next start takes unless it is given others. */
export interface KeptSettings {
  /** Multiaddrs to dial. */
  readonly dial?: readonly string[];
  /** Peers in the conversation; the one that was connected last is the last. */
  readonly peers?: readonly KnownPeer[];
  /** Port of the loopback address, so that the addresses that others dial stay the same. */
  readonly port?: number;
  readonly framing?: Framing;
  /** Display name of this user. */
  readonly name?: string;
  /** Whether everyone that knows the name is let in. */
  readonly isOpen?: boolean;
  /** Whether the group has removed this user, which asks to join again. */
  readonly wasRemoved?: boolean;
}

/** A conversation in the data folder, which no other process can open meanwhile. */
export interface KeptChat {
  /** Name of the profile. */
  readonly profile: string;
  /** Folder of the profile. */
  readonly folder: string;
  readonly isEncrypted: boolean;
  /** Storage of the user of this conversation. */
  readonly storage: Storage;
  /** Seed of the libp2p node's key: one for each conversation, since two nodes with one key cannot run at a time. */
  readonly nodeKey: Uint8Array;
  readonly settings: KeptSettings;
  /** Replaces some of the settings. */
  remember(settings: KeptSettings): Promise<void>;
  writeSummary(summary: ChatSummary): Promise<void>;
  /** Closes the storage, and wipes the node key. Idempotent. */
  close(): Promise<void>;
  /** Closes the storage, and deletes all that is kept of the conversation. */
  forget(): Promise<void>;
}

/** Namespace and key of the record with the node key and the settings. */
const NAMESPACE = "chat";
const SETTINGS = "settings";

/** Folder of the storage in that of the conversation: in the clear, and encrypted. */
const CLEAR = "storage";
const ENCRYPTED = "encrypted";

/** Number of records that are encrypted in a batch. */
const COPIED_AT_ONCE = 256;

/** Codes of the errors of a storage that is lost: no part of it can be read any more. */
const LOST: ReadonlySet<string> = new Set(["storage-missing", "storage-damaged", "storage-foreign"]);

/**
 * Opens what is kept of a conversation, or begins to keep it.
 *
 * @param isKept whether it was kept before: a storage that is gone is an error then, and no beginning.
 * @throws DemlsError `conversation-in-use` if another process has it; `conversation-lost` if its storage is gone or damaged;
 *   other errors of the storage.
 */
export async function openKeptChat(
  profile: Profile,
  conversation: string,
  { files, random }: ProfileContext,
  isKept: boolean,
): Promise<KeptChat> {
  const folder = chatFolder(profile.folder, conversation);
  const storage = await openStorage(profile, conversation, { files, random }, isKept).catch(
    rethrow(profile, conversation, folder),
  );
  const kept = await readRecord(storage);
  const nodeKey = keyIn(kept, "nodeKey") ?? random.bytes(KEY_BYTES);
  let settings: KeptSettings = (kept?.["settings"] as KeptSettings | undefined) ?? {};

  const save = (): Promise<void> =>
    storage.write([
      putRecord(NAMESPACE, SETTINGS, utf8ToBytes(JSON.stringify({ nodeKey: bytesToHex(nodeKey), settings }))),
    ]);

  async function close(): Promise<void> {
    await storage.close();
    nodeKey.fill(0);
  }

  if (kept === undefined) await save();
  return {
    profile: profile.name,
    folder: profile.folder,
    isEncrypted: profile.storageKey !== undefined,
    storage,
    nodeKey,
    get settings() {
      return settings;
    },
    remember(changes) {
      settings = { ...settings, ...changes };
      return save();
    },
    writeSummary: (summary) => writeSummary(folder, summary, files),
    close,
    async forget() {
      await close();
      await files.remove(folder);
    },
  };
}

/**
 * Deletes all that is kept of a conversation, also of one whose storage is lost.
 *
 * @throws DemlsError `conversation-in-use` if another process has it; the errors of `files`.
 */
export async function forgetKeptChat(
  profile: Pick<Profile, "name" | "folder">,
  conversation: string,
  files: ChatFiles,
): Promise<void> {
  const folder = chatFolder(profile.folder, conversation);
  try {
    const names = await files.names(folder);
    const name = names.includes(ENCRYPTED) ? ENCRYPTED : CLEAR;
    await (await files.openStorage(join(folder, name), false)).close();
  } catch (error) {
    if (!isLost(error)) rethrow(profile, conversation, folder)(error);
  }
  await files.remove(folder);
}

/** The storage of a conversation. Its closing closes the disk too. */
async function openStorage(
  profile: Profile,
  conversation: string,
  { files, random }: ProfileContext,
  isKept: boolean,
): Promise<ClosableStorage> {
  const folder = chatFolder(profile.folder, conversation);
  const { storageKey: key } = profile;
  if (key === undefined) return files.openStorage(join(folder, CLEAR), !isKept);
  const disk = await files.openStorage(join(folder, ENCRYPTED), !isKept);
  try {
    // Of a process that died while it gave the profile its passphrase.
    if (isKept) await removeClear(folder, files);
    const storage = await encryptedStorage(disk, { key, random, createIfMissing: !isKept });
    const close = (): Promise<void> => storage.close().then(() => disk.close());
    return { write: (batch) => storage.write(batch), scan: (...query) => storage.scan(...query), close };
  } catch (error) {
    await disk.close();
    throw error;
  }
}

/** Folders of the conversations of a profile that are kept in the clear. @throws the errors of `files`. */
export async function keptInClear(
  profile: Pick<Profile, "folder">,
  files: ChatFiles,
): Promise<readonly string[]> {
  const all = await chatFolders(profile.folder, files);
  const names = await Promise.all(all.map((folder) => files.names(folder)));
  return all.filter((_, i) => names[i]?.includes(CLEAR));
}

/**
 * Encrypts what is kept of a conversation in the clear, in a copy, which counts once the profile has the key.
 *
 * @param folder of the conversation.
 * @returns the storage in the clear, which no other process can open until it is closed.
 * @throws as {@link openKeptChat}.
 */
export async function encryptKept(
  profile: Pick<Profile, "name">,
  folder: string,
  key: Uint8Array,
  { files, random }: ProfileContext,
): Promise<ClosableStorage> {
  const clear = await files
    .openStorage(join(folder, CLEAR), false)
    .catch(rethrow(profile, basename(folder), folder));
  try {
    // Of a process that died before the profile had its key.
    await files.remove(join(folder, ENCRYPTED));
    const disk = await files.openStorage(join(folder, ENCRYPTED), true);
    try {
      const sealed = await encryptedStorage(disk, { key, random });
      await copyRecords(clear, sealed);
      await sealed.close();
    } finally {
      await disk.close();
    }
    return clear;
  } catch (error) {
    await clear.close();
    throw error;
  }
}

/** Deletes what is kept in the clear of a conversation that is encrypted. @throws the errors of `files`. */
export function removeClear(folder: string, files: ChatFiles): Promise<void> {
  return files.remove(join(folder, CLEAR));
}

async function copyRecords(from: Disk, to: Storage): Promise<void> {
  let batch: StorageOperation[] = [];
  for await (const { namespace, key, value } of from.records()) {
    batch.push(putRecord(namespace, key, value));
    if (batch.length < COPIED_AT_ONCE) continue;
    await to.write(batch);
    batch = [];
  }
  await to.write(batch);
}

/** Whether a storage is gone or damaged. */
function isLost(error: unknown): error is DemlsError {
  return error instanceof DemlsError && LOST.has(String(error.code));
}

/** Rethrows an error of a storage, with what a person can do about it. */
function rethrow(
  { name }: Pick<Profile, "name">,
  conversation: string,
  folder: string,
): (error: unknown) => never {
  return (error) => {
    if (isLost(error)) throw conversationLost(error, conversation, folder);
    if (!(error instanceof DemlsError) || (error as DemlsError).code !== "storage-in-use") throw error;
    throw new DemlsError("conversation-in-use", {
      message: `Another process is in ${conversation} already, as the profile ${name}.`,
      field: "profile",
      remedy: "For another person on this machine, give another profile: --profile NAME.",
    });
  };
}

function conversationLost(
  cause: DemlsError,
  conversation: string,
  folder: string,
): DemlsError<"conversation-lost"> {
  return new DemlsError("conversation-lost", {
    message: `What was kept of ${conversation} is lost. ${cause.message}`,
    remedy:
      `With a copy of ${folder}, put it back, if the conversation is strict. Otherwise delete the rest by ` +
      `"demls chat NAME --forget", and join again by an invitation of another member.`,
    cause,
  });
}

async function readRecord(storage: Storage): Promise<Readonly<Record<string, unknown>> | undefined> {
  const [record] = await storage.scan(NAMESPACE, { prefix: SETTINGS });
  const text = record === undefined ? undefined : bytesToUtf8(record.value);
  return text === undefined ? undefined : parseFields(text);
}
