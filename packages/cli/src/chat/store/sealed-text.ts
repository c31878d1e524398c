import { bytesToHex, hexToBytes } from "@demls/wire";
import { encryptedStorage, type ScryptCost } from "@demls/storage-encrypted";
import { bytesToUtf8, putRecord, utf8ToBytes } from "@demls/wire/core";
import { createMemoryStorage, type RandomSource } from "demls";

/** A text that only its passphrase opens: the records of an encrypted storage, by name, in hex. */
export type SealedText = Readonly<Record<string, string>>;

/** Facilities of sealing and opening. */
export interface SealContext {
  readonly random: RandomSource;
  /** Cost of a guess of the passphrase. By default, that of {@link encryptedStorage}. */
  readonly scrypt?: ScryptCost;
}

/** The namespace in which an encrypted storage keeps its records, and that of the text inside. */
const OUTSIDE = "encrypted";
const INSIDE = "text";

/** Encrypts a text as {@link encryptedStorage} does. @throws DemlsError `invalid-secret`. */
export async function sealText(
  text: string,
  passphrase: string,
  { random, scrypt }: SealContext,
): Promise<SealedText> {
  const records = createMemoryStorage();
  const sealed = await encryptedStorage(records, { passphrase, random, ...(scrypt && { scrypt }) });
  await sealed.write([putRecord(INSIDE, INSIDE, utf8ToBytes(text))]);
  await sealed.close();
  const kept = await records.scan(OUTSIDE);
  return Object.fromEntries(kept.map(({ key, value }) => [key, bytesToHex(value)]));
}

/** Decrypts a text. @throws DemlsError `wrong-passphrase`, `storage-damaged`, `invalid-secret`. */
export async function openText(
  sealed: SealedText,
  passphrase: string,
  { random, scrypt }: SealContext,
): Promise<string> {
  const records = createMemoryStorage();
  const kept = Object.entries(sealed).map(([key, hex]) =>
    putRecord(OUTSIDE, key, hexToBytes(hex) ?? new Uint8Array()),
  );
  await records.write(kept);
  const storage = await encryptedStorage(records, {
    ...{ passphrase, random, createIfMissing: false },
    ...(scrypt && { scrypt }),
  });
  const [text] = await storage.scan(INSIDE);
  await storage.close();
  return text === undefined ? "" : (bytesToUtf8(text.value) ?? "");
}
