import {
  bytesToHex,
  bytesToUtf8,
  hexToBytes,
  isBytes,
  isWellFormed,
  utf8ToBytes,
  type RandomSource,
} from "@demls/wire/core";
import { hkdf } from "@noble/hashes/hkdf.js";
import { scryptAsync } from "@noble/hashes/scrypt.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { KEY_BYTES, open, seal } from "./sealing.js";
import {
  invalidScryptCost,
  invalidSecret,
  storageDamaged,
  storageNewer,
  wrongSecret,
} from "./storage-errors.js";

/** Opens an encrypted storage: 32 random bytes, or text that a person remembers. */
export type StorageSecret =
  | { readonly key: Uint8Array; readonly passphrase?: undefined }
  | { readonly passphrase: string; readonly key?: undefined };

/** Cost of a guess of the passphrase, as parameters of scrypt (RFC 7914). It takes 128 · r · (n + p) bytes of memory: 1 GiB + 1 KiB at most. */
export interface ScryptCost {
  /** Power of two from 2 to 2^20. */
  readonly n: number;
  /** From 1 to 32. */
  readonly r: number;
  /** From 1 to 16. */
  readonly p: number;
}

/** 128 MiB, and under a second on a machine of today. */
const DEFAULT_COST: ScryptCost = { n: 2 ** 17, r: 8, p: 1 };

const FORMAT = 1;
const SALT_BYTES = 16;
/** Memory for which `scryptAsync` is ready by default. */
const MAX_MEMORY_BYTES = 2 ** 30 + 2 ** 10;

/** The wrapped data key and the way to its wrapping key, in the clear but for the data key. */
interface KeyRecord {
  readonly format: number;
  /** Parameters of a passphrase; a key has none. */
  readonly scrypt: ScryptCost | undefined;
  readonly salt: Uint8Array;
  readonly wrapped: Uint8Array;
}

/** @throws DemlsError `invalid-secret` */
export function checkSecret({ key, passphrase }: StorageSecret): void {
  if (passphrase === undefined) {
    if (!isBytes(key) || key.length !== KEY_BYTES) throw invalidSecret("key");
  } else {
    const isText = typeof passphrase === "string" && passphrase !== "" && isWellFormed(passphrase);
    if (!isText || key !== undefined) throw invalidSecret("passphrase");
  }
}

/** @throws DemlsError `invalid-scrypt-cost` */
export function checkedCost(cost: Partial<ScryptCost>): ScryptCost {
  const whole = { ...DEFAULT_COST, ...cost };
  if (!isCost(whole)) throw invalidScryptCost();
  return whole;
}

/** Wraps the data key by a secret, with a new salt. */
export async function wrapKey(
  dataKey: Uint8Array,
  secret: StorageSecret,
  cost: ScryptCost,
  random: RandomSource,
): Promise<Uint8Array> {
  const scrypt = secret.passphrase === undefined ? undefined : cost;
  const way = { format: FORMAT, scrypt, salt: random.bytes(SALT_BYTES) };
  const wrapping = await wrappingKey(secret, way);
  const wrapped = seal(wrapping, purposeOf(way), dataKey, random);
  wrapping.fill(0);
  return utf8ToBytes(JSON.stringify({ ...way, salt: bytesToHex(way.salt), wrapped: bytesToHex(wrapped) }));
}

/** An unwrapped data key. */
export interface UnwrappedKey {
  readonly dataKey: Uint8Array;
  /** Whether guesses are cheaper than they should be. */
  readonly isCheap: boolean;
}

/** @throws DemlsError `wrong-passphrase`, `wrong-key`, `storage-damaged`, `storage-newer` */
export async function unwrapKey(
  bytes: Uint8Array,
  secret: StorageSecret,
  cost: ScryptCost,
): Promise<UnwrappedKey> {
  const { wrapped, ...way } = readRecord(bytes);
  const given = secret.passphrase === undefined ? "key" : "passphrase";
  const opensWith = way.scrypt === undefined ? "key" : "passphrase";
  if (given !== opensWith) throw wrongSecret(given, opensWith);
  const wrapping = await wrappingKey(secret, way);
  const dataKey = open(wrapping, purposeOf(way), wrapped);
  wrapping.fill(0);
  if (dataKey?.length !== KEY_BYTES) throw wrongSecret(given, opensWith);
  const { scrypt } = way;
  const isCheap = scrypt !== undefined && (scrypt.n < cost.n || scrypt.r < cost.r || scrypt.p < cost.p);
  return { dataKey, isCheap };
}

/** The greater of two costs in each parameter. */
export function raisedCost(bytes: Uint8Array, cost: ScryptCost): ScryptCost {
  const { scrypt = cost } = readRecord(bytes);
  const raised = {
    n: Math.max(scrypt.n, cost.n),
    r: Math.max(scrypt.r, cost.r),
    p: Math.max(scrypt.p, cost.p),
  };
  return isCost(raised) ? raised : cost;
}

type Way = Omit<KeyRecord, "wrapped">;

async function wrappingKey({ key, passphrase }: StorageSecret, { scrypt, salt }: Way): Promise<Uint8Array> {
  if (scrypt === undefined || passphrase === undefined)
    return hkdf(sha256, key!, salt, utf8ToBytes("demls storage wrapping"), KEY_BYTES);
  // The same characters may be typed as other code points.
  const text = utf8ToBytes(passphrase.normalize("NFKC"));
  const { n: N, r, p } = scrypt;
  const derived = await scryptAsync(text, salt, { N, r, p, dkLen: KEY_BYTES });
  text.fill(0);
  return derived;
}

/** Binds the wrapped key to its parameters. */
function purposeOf({ format, scrypt, salt }: Way): string {
  return JSON.stringify(["key", format, scrypt?.n, scrypt?.r, scrypt?.p, bytesToHex(salt)]);
}

/** The parameters are anyone's, so they are bounded before they cost time. */
function readRecord(bytes: Uint8Array): KeyRecord {
  const { format, scrypt, ...texts } = parsed(bytes);
  if (Number.isSafeInteger(format) && format! > FORMAT) throw storageNewer(format!);
  const [salt, wrapped] = [texts.salt, texts.wrapped].map((text) => hexToBytes(String(text)));
  const isKnown = format === FORMAT && (scrypt === undefined || isCost(scrypt));
  if (!isKnown || salt === undefined || wrapped === undefined) throw storageDamaged();
  return { format, scrypt, salt, wrapped };
}

/** The record as it is stored, unchecked. */
interface StoredKeyRecord {
  readonly format?: number;
  readonly scrypt?: ScryptCost;
  readonly salt?: string;
  readonly wrapped?: string;
}

function parsed(bytes: Uint8Array): StoredKeyRecord {
  try {
    const record = JSON.parse(bytesToUtf8(bytes) ?? "") as StoredKeyRecord | null;
    if (typeof record === "object" && record !== null && record.scrypt !== null) return record;
  } catch {
    // See below.
  }
  throw storageDamaged();
}

function isCost({ n, r, p }: ScryptCost): boolean {
  return (
    isWithin(n, 2, 2 ** 20) &&
    Number.isInteger(Math.log2(n)) &&
    isWithin(r, 1, 32) &&
    isWithin(p, 1, 16) &&
    memoryOf({ n, r, p }) <= MAX_MEMORY_BYTES
  );
}

/** Bytes that scrypt uses: its blocks, and those of each lane. */
function memoryOf({ n, r, p }: ScryptCost): number {
  return 128 * r * (n + p);
}

function isWithin(value: unknown, min: number, max: number): boolean {
  return Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max;
}
