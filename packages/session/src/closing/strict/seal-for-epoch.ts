import { concatBytes, utf8ToBytes } from "@demls/wire/core";
import { hexBytes } from "../../model/hex.js";
import type { ActiveTransaction } from "../../model/transaction.js";
import { followRepairEpoch } from "../../lost-packets/index.js";

const NONCE_BYTES = 12;

/** Encrypted data, with the nonce of its encryption. */
export interface SealedData {
  /** 12 bytes. */
  readonly nonce: Uint8Array;
  readonly sealed: Uint8Array;
}

/**
 * Encrypts data with the repair key of the current epoch, under a label of its own; `undefined` in a mode without repair.
 */
export async function sealForEpoch(
  tx: ActiveTransaction,
  label: string,
  plaintext: Uint8Array,
): Promise<SealedData | undefined> {
  const { env } = tx;
  const nonce = env.random.bytes(NONCE_BYTES);
  const protection = await protectionOf(tx, label);
  if (protection === undefined) return undefined;
  const { key, associated } = protection;
  return { nonce, sealed: await env.plugins.mls.sealWithKey(key, nonce, associated, plaintext) };
}

/** Decrypts the result of {@link sealForEpoch}; undefined if it was not made in this epoch with this label. */
export async function openForEpoch(
  tx: ActiveTransaction,
  label: string,
  { nonce, sealed }: SealedData,
): Promise<Uint8Array | undefined> {
  if (nonce.length !== NONCE_BYTES) return undefined;
  const protection = await protectionOf(tx, label);
  if (protection === undefined) return undefined;
  const { key, associated } = protection;
  return tx.env.plugins.mls.openWithKey(key, nonce, associated, sealed);
}

/** Key and associated data; `undefined` in a mode without repair. */
async function protectionOf(
  tx: ActiveTransaction,
  label: string,
): Promise<{ readonly key: Uint8Array; readonly associated: Uint8Array } | undefined> {
  // The epoch may have begun in this step.
  const current = await followRepairEpoch(tx);
  return (
    current && {
      key: current.key,
      associated: concatBytes(hexBytes(tx.state.group.groupId), utf8ToBytes(label)),
    }
  );
}
