import { bytesToHex, hexToBytes } from "@demls/wire";
import { encryptedStorage } from "@demls/storage-encrypted";
import { bytesToUtf8, putRecord, utf8ToBytes } from "@demls/wire/core";
import { createMemoryStorage, type RandomSource } from "demls";

/** A text that only its passphrase opens: the records of an encrypted storage, by name, in hex. */
export type SealedText = Readonly<Record<string, string>>;

/** The namespace in which an encrypted storage keeps its records, and that of the text inside. */
const OUTSIDE = "encrypted";
const INSIDE = "text";

/** Encrypts a text as {@link encryptedStorage} does. @throws DemlsError `invalid-secret`. */
export async function sealText(text: string, passphrase: string, random: RandomSource): Promise<SealedText> {
  const records = createMemoryStorage();
  const sealed = await encryptedStorage(records, { passphrase, random });
  await sealed.write([putRecord(INSIDE, INSIDE, utf8ToBytes(text))]);
  await sealed.close();
  const kept = await records.scan(OUTSIDE);
  return Object.fromEntries(kept.map(({ key, value }) => [key, bytesToHex(value)]));
}

/** Decrypts a text. @throws DemlsError `wrong-passphrase`, `storage-damaged`, `invalid-secret`. */
export async function openText(
  sealed: SealedText,
  passphrase: string,
  random: RandomSource,
): Promise<string> {
  const records = createMemoryStorage();
  const kept = Object.entries(sealed).map(([key, hex]) =>
    putRecord(OUTSIDE, key, hexToBytes(hex) ?? new Uint8Array()),
  );
  await records.write(kept);
  const storage = await encryptedStorage(records, { passphrase, random, createIfMissing: false });
  const [text] = await storage.scan(INSIDE);
  await storage.close();
  return text === undefined ? "" : (bytesToUtf8(text.value) ?? "");
}
