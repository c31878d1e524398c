import { concatBytes, utf8ToBytes } from "@demls/wire/core";
import { LIMITS } from "../model/limits.js";
import { policyOf, update, type ActiveTransaction } from "../model/transaction.js";
import { forgetHeard } from "../presence/index.js";
import { enterEpoch } from "../standing/index.js";
import { deriveRepairEpoch, NONCE_BYTES } from "./envelope.js";
import { hexBytes } from "../model/hex.js";
import { keptTimes } from "./log.js";
import { startReports } from "./reports.js";
import { giveUp, requestAll, requestGaps } from "./requests.js";

/** Follows the group into its epoch: derives the repair key, and asks for packets of the epoch before that are missing. */
export async function followRepairEpoch(tx: ActiveTransaction): Promise<void> {
  if (!policyOf(tx).repairsGaps) return;
  const { epoch } = tx.state.group;
  const former = tx.state.repair.epochs.at(-1);
  if (former?.epoch === epoch) return;
  const entered = await deriveRepairEpoch(tx);
  const { nowMs } = tx.env;
  const { repair } = tx.state;
  const past = repair.epochs
    .map((known) => (known.leftAtMs === undefined ? { ...known, leftAtMs: nowMs } : known))
    .filter(({ leftAtMs = nowMs }) => nowMs - leftAtMs <= LIMITS.repairAgeMs);
  const isFork = (known: { readonly epoch: bigint }): boolean => tx.state.branches.forks.has(known.epoch);
  const latest = past.slice(1 - keptTimes(tx) * LIMITS.repairEpochs);
  const epochs = [...past.filter((known) => latest.includes(known) || isFork(known)), entered];
  const isKept = (of: bigint): boolean => epochs.some((known) => known.epoch === of);
  update(tx, "repair", {
    epochs,
    log: repair.log.filter((entry) => isKept(entry.epoch)),
    voids: repair.voids.filter((each) => each.epoch >= epoch - 1n),
    departed: repair.departed.filter(({ leftAtMs = nowMs }) => nowMs - leftAtMs <= LIMITS.forkAgeMs),
    delivered: 0,
    // Of the epoch before, only messages are missed: its candidates and choices have done their work.
    requests: repair.requests.flatMap((request) => {
      if (isFork(request)) return [request];
      // After a start, this step has opened a welcome, and asks for own packets of an earlier life in the epoch.
      const isOpen = request.isOpen && request.epoch === epoch && repair.unconfirmed !== undefined;
      return request.epoch >= epoch - 1n ? [{ ...request, isOpen }] : [];
    }),
    unreadableAfterMs: nowMs,
  });
  forgetHeard(tx);
  startReports(tx);
  const isAsked = enterEpoch(tx, former?.epoch);
  if (former !== undefined) requestGaps(tx, former);
  if (isAsked) requestAll(tx, 0);
}

/** Emits `missed` for packets of the epoch before the current one, which can no longer be opened after a merge. */
export function closePastEpoch(tx: ActiveTransaction): void {
  const past = tx.state.repair.epochs.at(-2);
  if (past !== undefined) giveUp(tx, past);
}

/** Encrypted data, with the nonce of its encryption. */
export interface SealedData {
  /** 12 bytes. */
  readonly nonce: Uint8Array;
  readonly sealed: Uint8Array;
}

/** Encrypts data of another protocol with the repair key of the current epoch, under a label of that protocol. */
export async function sealForEpoch(
  tx: ActiveTransaction,
  label: string,
  plaintext: Uint8Array,
): Promise<SealedData> {
  const { env } = tx;
  const nonce = env.random.bytes(NONCE_BYTES);
  const { key, associated } = await protectionOf(tx, label);
  return { nonce, sealed: await env.plugins.mls.sealWithKey(key, nonce, associated, plaintext) };
}

/** Decrypts the result of {@link sealForEpoch}; undefined if it was not made in this epoch with this label. */
export async function openForEpoch(
  tx: ActiveTransaction,
  label: string,
  { nonce, sealed }: SealedData,
): Promise<Uint8Array | undefined> {
  if (nonce.length !== NONCE_BYTES) return undefined;
  const { key, associated } = await protectionOf(tx, label);
  return tx.env.plugins.mls.openWithKey(key, nonce, associated, sealed);
}

async function protectionOf(
  tx: ActiveTransaction,
  label: string,
): Promise<{ readonly key: Uint8Array; readonly associated: Uint8Array }> {
  // The epoch may have begun in this step.
  await followRepairEpoch(tx);
  const { key } = tx.state.repair.epochs.at(-1) ?? (await deriveRepairEpoch(tx));
  return { key, associated: concatBytes(hexBytes(tx.state.group.groupId), utf8ToBytes(label)) };
}
