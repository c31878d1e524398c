import { bytesToHex } from "@demls/wire";
import { DemlsError, type RandomSource } from "demls";
import type { ChatFiles } from "../files/chat-files.js";
import { parseFields } from "../files/parse-fields.js";
import { KEY_BYTES, keyIn, keyOf } from "./hex-key.js";

/** Keys of a user and of its libp2p node. */
export interface ChatIdentity {
  /** secp256k1 secret key of the member, 32 bytes. */
  readonly key: Uint8Array;
  /** Seed of the libp2p node's Ed25519 key, 32 bytes. It keeps the peer id stable across runs. */
  readonly nodeKey: Uint8Array;
}

const VERSION = 1;

/**
 * Reads the identity from a file. Creates the file and a new identity if the file does not exist.
 *
 * @throws DemlsError `identity-broken` if the file's content is not an identity; the errors of `files`.
 */
export async function loadIdentity(
  path: string,
  files: ChatFiles,
  random: RandomSource,
): Promise<ChatIdentity> {
  const kept = await files.read(path);
  if (kept !== undefined) return parseIdentity(kept, path);
  const identity = { key: random.bytes(KEY_BYTES), nodeKey: random.bytes(KEY_BYTES) };
  const isFirst = await files.create(path, formatIdentity(identity));
  if (isFirst) return identity;
  // Another process created the file first; use its identity.
  return parseIdentity((await files.read(path)) ?? "", path);
}

/** Reads a key from a file of hex digits. @throws DemlsError as {@link loadIdentity}, and `identity-missing`. */
export async function loadKey(path: string, files: ChatFiles): Promise<Uint8Array> {
  const text = await files.read(path);
  if (text !== undefined) return keyOf(text, path);
  throw new DemlsError("identity-missing", {
    message: `There is no file ${path}.`,
    field: "key",
    remedy: "Give a file of 64 hex digits, or use --identity FILE, which creates the file.",
  });
}

function formatIdentity({ key, nodeKey }: ChatIdentity): string {
  const fields = { version: VERSION, key: bytesToHex(key), nodeKey: bytesToHex(nodeKey) };
  return `${JSON.stringify(fields, undefined, 2)}\n`;
}

function parseIdentity(text: string, path: string): ChatIdentity {
  const fields = parseFields(text);
  const [key, nodeKey] = [keyIn(fields, "key"), keyIn(fields, "nodeKey")];
  if (fields?.["version"] === VERSION && key !== undefined && nodeKey !== undefined) return { key, nodeKey };
  throw new DemlsError("identity-broken", {
    message: `${path} does not contain an identity of this version.`,
    field: "identity",
    remedy: "Give another file, or move this one away to create a new identity.",
  });
}
