import type { StagedCommit } from "@demls/mls";
import { encodeWelcomeMessage } from "@demls/wire";
import { bytesToHex, WELCOME_SUBTOPIC } from "@demls/wire/core";
import { enqueue } from "../messages/send.js";
import { LIMITS } from "../model/limits.js";
import { appendBounded } from "../model/persistent-collections.js";
import { policyOf, update, type ActiveTransaction } from "../model/transaction.js";
import { hexBytes } from "../repair/hex.js";

/** Time in ms after sending a welcome in which it is not sent again. */
const RESEND_PAUSE_MS = 5_000;

/** Key packages that a commit adds. Call it while they are still approved changes. */
export function keyPackagesIn({ state }: ActiveTransaction, staged: StagedCommit): readonly Uint8Array[] {
  const added = new Set(staged.actions.flatMap((action) => (action.kind === "add" ? [action.member] : [])));
  return state.changes.approved.flatMap(({ request }) =>
    request.kind === "add" && added.has(request.member) ? [request.keyPackage] : [],
  );
}

/** Publishes a welcome. */
export function sendWelcome(tx: ActiveTransaction, welcome: Uint8Array): void {
  const message = { kind: "invitation_to_join", mlsMessageOutBytes: welcome } as const;
  enqueue(tx, encodeWelcomeMessage(message), WELCOME_SUBTOPIC);
}

/**
 * Notes the key packages that a commit has spent: an old announcement that is delivered again adds no member. Keeps
 * this member's welcome, so that a joiner that missed it can have it again.
 */
export async function noteAdmissions(
  tx: ActiveTransaction,
  keyPackages: readonly Uint8Array[],
  welcome: Uint8Array | undefined,
): Promise<void> {
  if (!policyOf(tx).repairsGaps || keyPackages.length === 0) return;
  const references = (await Promise.all(keyPackages.map((each) => referenceOf(tx, each)))).filter(
    (reference) => reference !== undefined,
  );
  const { spent, welcomes } = tx.state.admission;
  update(tx, "admission", { spent: [...spent, ...references].slice(-LIMITS.spentKeyPackages) });
  if (welcome === undefined) return;
  const kept = { references, welcome, sentAtMs: tx.env.nowMs };
  update(tx, "admission", { welcomes: appendBounded(welcomes, kept, LIMITS.keptWelcomes) });
}

async function referenceOf({ env }: ActiveTransaction, keyPackage: Uint8Array): Promise<string | undefined> {
  const inspection = await env.plugins.mls.inspectKeyPackage(keyPackage);
  return inspection.ok ? inspection.reference : undefined;
}

/** References of spent key packages for a joiner, which may receive their old announcements. The newest ones. */
export function spentForSync(tx: ActiveTransaction): readonly Uint8Array[] {
  if (!policyOf(tx).repairsGaps) return [];
  return tx.state.admission.spent.slice(-LIMITS.syncedKeyPackages).map(hexBytes);
}

/** Notes the spent key packages of a ConversationSync. */
export function learnSpent(tx: ActiveTransaction, references: readonly Uint8Array[]): void {
  if (!policyOf(tx).repairsGaps || references.length === 0) return;
  const learned = references.slice(-LIMITS.syncedKeyPackages).map(bytesToHex);
  const { spent } = tx.state.admission;
  update(tx, "admission", { spent: [...new Set([...learned, ...spent])].slice(-LIMITS.spentKeyPackages) });
}

/**
 * Whether a commit has already spent a key package. Its owner asks again because it missed the welcome: the committer
 * sends it once more.
 */
export async function isSpent(tx: ActiveTransaction, keyPackage: Uint8Array): Promise<boolean> {
  const { spent, welcomes } = tx.state.admission;
  if (spent.length === 0) return false;
  const reference = await referenceOf(tx, keyPackage);
  if (reference === undefined || !spent.includes(reference)) return false;
  const { nowMs } = tx.env;
  const kept = welcomes.find(({ references }) => references.includes(reference));
  if (kept !== undefined && nowMs - kept.sentAtMs >= RESEND_PAUSE_MS) {
    sendWelcome(tx, kept.welcome);
    const resent = { ...kept, sentAtMs: nowMs };
    update(tx, "admission", { welcomes: welcomes.map((other) => (other === kept ? resent : other)) });
  }
  return true;
}
