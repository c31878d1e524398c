import { link, mkdir, open, stat, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import { bytesToHex, hexToBytes } from "@demls/wire";
import { DemlsError, type RandomSource } from "demls";

/** Who a user is, and where it is reached. */
export interface ChatIdentity {
  /** secp256k1 secret key, 32 bytes: the member. */
  readonly key: Uint8Array;
  /** Seed of the Ed25519 key of the libp2p node, 32 bytes, so that its peer id stays the same. */
  readonly nodeKey: Uint8Array;
}

const KEY_BYTES = 32;
const VERSION = 1;
/** An identity has some 200 bytes; what is much longer is something else. */
const MAX_FILE_BYTES = 4_096;
/** Read and write for the owner, nothing for anybody else. */
const OWNER_ONLY = 0o600;
const OWNER_ONLY_FOLDER = 0o700;
const OTHERS = 0o077;

/**
 * The identity in a file; a new one, written to it, where there is no such file. The folder is made as well.
 *
 * @throws DemlsError `identity-exposed` where others may read the file, `identity-broken` where it is none,
 *   `identity-unreadable` where the system refuses.
 */
export async function loadIdentity(path: string, random: RandomSource): Promise<ChatIdentity> {
  const kept = await readSecret(path);
  if (kept !== undefined) return parseIdentity(kept, path);
  const identity = newIdentity(random);
  const isFirst = await createSecret(path, formatIdentity(identity), random);
  if (isFirst) return identity;
  // Another process was quicker: its identity is the one.
  return parseIdentity((await readSecret(path)) ?? "", path);
}

/**
 * A key that its owner keeps in a file of hex digits.
 *
 * @throws DemlsError as {@link loadIdentity}, and `identity-missing`.
 */
export async function loadKey(path: string): Promise<Uint8Array> {
  const text = await readSecret(path);
  if (text === undefined) throw missing(path);
  return keyOf(text, path);
}

/** The key that `text` gives in hex. @throws DemlsError `identity-broken`, naming where it is from. */
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
    "holds no identity of this version",
    "Name another file, or move this one away for a new identity.",
  );
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    // The parser's message quotes the file, which may hold a key.
    return undefined;
  }
}

/** The text of a file that only its owner can read; `undefined` where there is none. */
async function readSecret(path: string): Promise<string | undefined> {
  try {
    const file = await open(path, "r");
    try {
      // Of the open file, so that what is judged is what is read.
      const { mode, size } = await file.stat();
      if (process.platform !== "win32" && (mode & OTHERS) !== 0) throw exposed(path);
      if (size > MAX_FILE_BYTES) throw broken(path, "is too long for a key", "Name another file.");
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

/** Writes a new file at once and whole: nobody ever reads a part of it. @returns whether there was none before. */
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
    // Unlike a rename, a link never takes the place of a file that is there.
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

/** The code of an error of the system's. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

function exposed(path: string): DemlsError<"identity-exposed"> {
  return new DemlsError("identity-exposed", {
    message: `Others than its owner may read ${path}, which holds a key.`,
    field: "identity",
    remedy: `chmod 600 ${path}; and if anyone may have read it, use another identity.`,
  });
}

function broken(path: string, what: string, remedy: string): DemlsError<"identity-broken"> {
  return new DemlsError("identity-broken", { message: `${path} ${what}.`, field: "identity", remedy });
}

function missing(path: string): DemlsError<"identity-missing"> {
  return new DemlsError("identity-missing", {
    message: `There is no file ${path}.`,
    field: "key",
    remedy: "Give a file of 64 hex digits, or --identity FILE, which is made where there is none.",
  });
}

function unreadable(path: string, error: unknown): DemlsError<"identity-unreadable"> {
  return new DemlsError("identity-unreadable", {
    message: `${path} cannot be used (${codeOf(error) ?? "unknown error"}).`,
    field: "identity",
    remedy: "See to the file and its folder, or name another with --identity FILE.",
  });
}
