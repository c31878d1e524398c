import type { StagedCommit } from "@demls/mls";
import { DemlsError, type MemberId } from "@demls/wire/core";
import { LIMITS } from "../model/limits.js";
import { entriesWhere, withEntry } from "../model/persistent-collections.js";
import { emit, policyOf, update, type ActiveTransaction } from "../model/transaction.js";
import { isLeaving } from "../voting/self-leave.js";

/** Age in ms beyond which a member renews its keys after a start or a pause: its storage may have been copied. */
const UNATTENDED_MS = 24 * 3_600_000;

/**
 * Part of the least interval between two renewals of a member after which the others accept the next one: its packets take
 * unlike times.
 */
const ACCEPTED_PART = 0.5;

/** Whether a commit makes no change: it renews the keys of its committer, as every commit does in a strict group. */
export function isKeyRenewal({ actions }: StagedCommit): boolean {
  return actions.length === 0;
}

/** Whether a member may renew its keys by a commit without changes now. */
export function mayRenewKeys({ env, state }: ActiveTransaction, member: MemberId): boolean {
  const lastMs = state.keys.renewals.get(member);
  return lastMs === undefined || env.nowMs >= lastMs + ACCEPTED_PART * LIMITS.keyRenewalIntervalMs;
}

/** Whether this member is to renew its keys now. */
export function isKeyRenewalDue(tx: ActiveTransaction): boolean {
  const dueMs = keyRenewalDueMs(tx);
  return dueMs !== undefined && dueMs <= tx.env.nowMs;
}

/** Monotonic time at which this member renews its keys; `undefined` if it does not. */
export function keyRenewalDueMs(tx: ActiveTransaction): number | undefined {
  const { env, state } = tx;
  const { keyRenewalMs } = state.config;
  const { renewedAtMs, requested, renewals } = state.keys;
  if (!policyOf(tx).renewsKeys || renewedAtMs === undefined || isLeaving(tx)) return undefined;
  if (!requested && keyRenewalMs === 0) return undefined;
  const lastMs = renewals.get(env.self) ?? -Infinity;
  return Math.max(requested ? renewedAtMs : renewedAtMs + keyRenewalMs, lastMs + LIMITS.keyRenewalIntervalMs);
}

/**
 * Requests new keys for this member's leaf.
 *
 * @throws DemlsError `wrong-mode` in a `de-mls-3` conversation.
 */
export function renewKeys(tx: ActiveTransaction): void {
  if (!policyOf(tx).renewsKeys) {
    throw new DemlsError("wrong-mode", {
      message: "A de-mls-3 conversation cannot renew keys: 3.0.0 members reject a commit without changes.",
      remedy: "Use a strict conversation.",
    });
  }
  update(tx, "keys", { requested: true });
}

/** Notes the age of keys that this member has received with its leaf. */
export function noteKeyAge(tx: ActiveTransaction): void {
  if (policyOf(tx).renewsKeys && tx.state.keys.renewedAtMs === undefined)
    update(tx, "keys", { renewedAtMs: tx.env.nowMs });
}

/** Lets this member renew its keys after a start or a pause, if they are older than a day. */
export function renewUnattendedKeys(tx: ActiveTransaction): void {
  const { keys, config } = tx.state;
  const ageMs = tx.env.nowMs - (keys.renewedAtMs ?? Infinity);
  if (config.keyRenewalMs > 0 && ageMs > UNATTENDED_MS) update(tx, "keys", { requested: true });
}

/** Notes that a merged commit has renewed the keys of its committer. */
export function noteRenewal(tx: ActiveTransaction, member: MemberId, staged: StagedCommit): void {
  const { env, state } = tx;
  if (!policyOf(tx).renewsKeys) return;
  if (member === env.self) update(tx, "keys", { renewedAtMs: env.nowMs, requested: false });
  const { members } = state.group;
  const present = entriesWhere(tx.state.keys.renewals, (each) => members.includes(each));
  const renewals = isKeyRenewal(staged) ? withEntry(present, member, env.nowMs) : present;
  if (renewals !== state.keys.renewals) update(tx, "keys", { renewals });
  if (isKeyRenewal(staged)) emit(tx, { kind: "keysRenewed", member });
}
