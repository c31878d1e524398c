import { link, mkdir, open, stat, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import { bytesToHex, hexToBytes } from "@demls/wire";
import { DemlsError, type RandomSource } from "demls";

/** Keys of a user and of its libp2p node. */
export interface ChatIdentity {
  /** secp256k1 secret key of the member, 32 bytes. */
  readonly key: Uint8Array;
  /** Seed of the libp2p node's Ed25519 key, 32 bytes. It keeps the peer id stable across runs. */
  readonly nodeKey: Uint8Array;
}

const KEY_BYTES = 32;
const VERSION = 1;
/** An identity file has about 200 bytes; a much longer file is not one. */
const MAX_FILE_BYTES = 4_096;
/** File mode: read and write for the owner only. */
const OWNER_ONLY = 0o600;
const OWNER_ONLY_FOLDER = 0o700;
const OTHERS = 0o077;

/**
 * Reads the identity from a file. Creates the file, its folder and a new identity if the file does not exist.
 *
 * @throws DemlsError `identity-exposed` if others may read the file, `identity-broken` if its content is not an
 *   identity, `identity-unreadable` for an error of the file system.
 */
export async function loadIdentity(path: string, random: RandomSource): Promise<ChatIdentity> {
  const kept = await readSecret(path);
  if (kept !== undefined) return parseIdentity(kept, path);
  const identity = newIdentity(random);
  const isFirst = await createSecret(path, formatIdentity(identity), random);
  if (isFirst) return identity;
  // Another process created the file first; use its identity.
  return parseIdentity((await readSecret(path)) ?? "", path);
}

/**
 * Reads a key from a file of hex digits.
 *
 * @throws DemlsError as {@link loadIdentity}, and `identity-missing`.
 */
export async function loadKey(path: string): Promise<Uint8Array> {
  const text = await readSecret(path);
  if (text === undefined) throw missing(path);
  return keyOf(text, path);
}

/** Decodes a hex key. @throws DemlsError `identity-broken`, which names the source `from`. */
export function keyOf(text: string, from: string): Uint8Array {
  const bytes = hexToBytes(text.trim().replace(/^0x/i, ""));
  if (bytes?.length === KEY_BYTES) return bytes;
  throw broken(from, `is not a key of ${2 * KEY_BYTES} hex digits`, "Give 32 random bytes in hex.");
}

function newIdentity(random: RandomSource): ChatIdentity {
  return { key: random.bytes(KEY_BYTES), nodeKey: random.bytes(KEY_BYTES) };
}

function formatIdentity({ key, nodeKey }: ChatIdentity): string {
  const fields = { version: VERSION, key: bytesToHex(key), nodeKey: bytesToHex(nodeKey) };
  return `${JSON.stringify(fields, undefined, 2)}\n`;
}

function parseIdentity(text: string, path: string): ChatIdentity {
  const fields = parseObject(text);
  const [key, nodeKey] = [fields?.["key"], fields?.["nodeKey"]].map((value) =>
    typeof value === "string" ? hexToBytes(value) : undefined,
  );
  if (fields?.["version"] === VERSION && key?.length === KEY_BYTES && nodeKey?.length === KEY_BYTES) {
    return { key, nodeKey };
  }
  throw broken(
    path,
    "does not contain an identity of this version",
    "Give another file, or move this one away to create a new identity.",
  );
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    // The parser's error message quotes the file, which may contain a key.
    return undefined;
  }
}

/** Reads a file that only its owner may read; `undefined` if it does not exist. */
async function readSecret(path: string): Promise<string | undefined> {
  try {
    const file = await open(path, "r");
    try {
      // `stat` of the open file, since the path might name another file when it is read.
      const { mode, size } = await file.stat();
      if (process.platform !== "win32" && (mode & OTHERS) !== 0) throw exposed(path);
      if (size > MAX_FILE_BYTES) throw broken(path, "is too long for a key", "Give another file.");
      return await file.readFile("utf8");
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof DemlsError) throw error;
    if (codeOf(error) === "ENOENT") return undefined;
    throw unreadable(path, error);
  }
}

/** Creates a file atomically, so that no process reads a part of it. @returns false if the file existed. */
async function createSecret(path: string, text: string, random: RandomSource): Promise<boolean> {
  const draft = `${path}.${bytesToHex(random.bytes(8))}.new`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: OWNER_ONLY_FOLDER });
    const file = await open(draft, "w", OWNER_ONLY);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    // Unlike a rename, a link never replaces an existing file.
    await link(draft, path);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST" && (await exists(path))) return false;
    throw unreadable(path, error);
  } finally {
    await unlink(draft).catch(() => undefined);
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** The code of a Node system error, such as `ENOENT`. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

function exposed(path: string): DemlsError<"identity-exposed"> {
  return new DemlsError("identity-exposed", {
    message: `${path} contains a key, but other users may read it.`,
    field: "identity",
    remedy: `Run chmod 600 ${path}. If others may have read the key, use another identity.`,
  });
}

function broken(path: string, what: string, remedy: string): DemlsError<"identity-broken"> {
  return new DemlsError("identity-broken", { message: `${path} ${what}.`, field: "identity", remedy });
}

function missing(path: string): DemlsError<"identity-missing"> {
  return new DemlsError("identity-missing", {
    message: `There is no file ${path}.`,
    field: "key",
    remedy: "Give a file of 64 hex digits, or use --identity FILE, which creates the file.",
  });
}

function unreadable(path: string, error: unknown): DemlsError<"identity-unreadable"> {
  return new DemlsError("identity-unreadable", {
    message: `${path} cannot be used (${codeOf(error) ?? "unknown error"}).`,
    field: "identity",
    remedy: "Check the file and its folder, or give another file with --identity FILE.",
  });
}
