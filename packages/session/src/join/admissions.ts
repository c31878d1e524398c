import { repairsGaps } from "../model/abilities.js";
import { keepWelcome, spendEarlierKeyPackages, spendKeyPackages } from "../admission/index.js";
import { encodeWelcomeMessage } from "@demls/wire";
import { bytesToHex, WELCOME_SUBTOPIC } from "@demls/wire/core";
import { enqueue } from "../messages/send.js";
import type { HeldCandidate } from "../model/commit.js";
import { LIMITS } from "../model/limits.js";
import { policyOf, type ActiveTransaction } from "../model/transaction.js";
import { hexBytes } from "../model/hex.js";

/** Time in ms after sending a welcome in which it is not sent again. */
const RESEND_PAUSE_MS = 5_000;

/** Publishes a welcome. In a strict conversation it names the group: others of the name may have it added too. */
export function sendWelcome(tx: ActiveTransaction, welcome: Uint8Array): void {
  const named = policyOf(tx).namesGroups ? { groupId: hexBytes(tx.state.group.groupId) } : {};
  const message = { kind: "invitation_to_join", mlsMessageOutBytes: welcome, ...named } as const;
  enqueue(tx, encodeWelcomeMessage(message), WELCOME_SUBTOPIC);
}

/**
 * Notes the key packages that a commit has spent: an old announcement that is delivered again adds no member. Keeps
 * this member's welcome, so that a joiner that missed it can have it again.
 */
export function noteAdmissions(tx: ActiveTransaction, { staged, welcome }: HeldCandidate): void {
  const references = staged.actions.flatMap((action) => (action.kind === "add" ? [action.reference] : []));
  if (!repairsGaps(tx) || references.length === 0) return;
  spendKeyPackages(tx, references);
  if (welcome === undefined) return;
  const members = staged.actions.flatMap((action) => (action.kind === "add" ? [action.member] : []));
  keepWelcome(tx, { references, members, welcome, sentAtMs: tx.env.nowMs });
}

/** References of spent key packages for a joiner, which may receive their old announcements. The newest ones. */
export function spentForSync(tx: ActiveTransaction): readonly Uint8Array[] {
  if (!repairsGaps(tx)) return [];
  return tx.state.admission.spent.slice(-LIMITS.syncedKeyPackages).map(hexBytes);
}

/** Notes the spent key packages of a ConversationSync. */
export function learnSpent(tx: ActiveTransaction, references: readonly Uint8Array[]): void {
  if (!repairsGaps(tx) || references.length === 0) return;
  spendEarlierKeyPackages(tx, references.slice(-LIMITS.syncedKeyPackages).map(bytesToHex));
}

/**
 * Sends this member's welcome again to a joiner that announces a spent key package, or another one: it missed the first
 * welcome.
 *
 * @param joiner - reference of its key package, or its member id.
 */
export function resendWelcome(tx: ActiveTransaction, joiner: string): void {
  const { welcomes } = tx.state.admission;
  const { nowMs } = tx.env;
  const kept = welcomes.findLast(
    ({ references, members }) => references.includes(joiner) || members.some((member) => member === joiner),
  );
  if (kept === undefined || nowMs - kept.sentAtMs < RESEND_PAUSE_MS) return;
  sendWelcome(tx, kept.welcome);
  keepWelcome(tx, { ...kept, sentAtMs: nowMs }, kept);
}
