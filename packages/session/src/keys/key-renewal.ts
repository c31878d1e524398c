import type { StagedCommit } from "@demls/mls";
import { DemlsError, type MemberId } from "@demls/wire/core";
import { LIMITS } from "../model/limits.js";
import { entriesWhere, withEntry } from "../model/persistent-collections.js";
import { rosterEntryOf } from "../model/roster.js";
import { emit, policyOf, update, type ActiveTransaction } from "../model/transaction.js";
import { isMajorityThere } from "../presence/index.js";
import { standingOf } from "../standing/index.js";
import { isLeaving } from "../model/leaves.js";

/** Age in ms beyond which a member renews its keys after a start or a pause: its storage may have been copied. */
const UNATTENDED_MS = 3 * 24 * 3_600_000;

/**
 * Time in ms between two renewals of a group that nobody has requested. Members that are away can follow a limited number of
 * epochs, so in a large group keys get older.
 */
const SPACING_MS = 2.5 * 3_600_000;

/** Time in ms by which members that are due at the same time are kept apart, one after the other. */
const STAGGER_MS = 2_000;

/** Share of an interval after which the others accept a renewal: packets take different times. */
const TOLERATED_PART = 0.5;

function renewsKeys(tx: ActiveTransaction): boolean {
  return policyOf(tx).renewsKeys;
}

/** Whether a commit makes no change: it renews the keys of its committer, as every commit does in a strict group. */
export function isKeyRenewal({ actions }: StagedCommit): boolean {
  return actions.length === 0;
}

/**
 * Whether a member may renew its keys by a commit without changes: not long after its last one, nor at once in a new epoch.
 * A member that catches up accepts each renewal that the others have merged.
 */
export function mayRenewKeys(tx: ActiveTransaction, member: MemberId): boolean {
  const { env, state } = tx;
  const { peerEpoch = 0n } = state.repair;
  if (!renewsKeys(tx)) return false;
  if (standingOf(tx) === "catchingUp" || peerEpoch > state.group.epoch) return true;
  const hasPassed = (ms: number, sinceMs: number): boolean => env.nowMs - sinceMs >= TOLERATED_PART * ms;
  return (
    hasPassed(state.config.commitInactivityMs, state.epoch.enteredAtMs) &&
    hasPassed(LIMITS.keyRenewalIntervalMs, state.keys.renewals.get(member) ?? -Infinity)
  );
}

/** Whether this member is to renew its keys now. It waits for a majority: without one, the group would part. */
export function isKeyRenewalDue(tx: ActiveTransaction): boolean {
  const dueMs = keyRenewalDueMs(tx);
  return dueMs !== undefined && dueMs <= tx.env.nowMs && isMajorityThere(tx);
}

/** Monotonic time at which this member renews its keys; `undefined` if it does not. */
export function keyRenewalDueMs(tx: ActiveTransaction): number | undefined {
  const { env, state } = tx;
  const { keyRenewalMs } = state.config;
  const { renewedAtMs, requestedAtMs, renewals } = state.keys;
  if (!renewsKeys(tx) || renewedAtMs === undefined || isLeaving(tx) || !state.sync.synced) return undefined;
  const hasFormerKey = hasFormerSignatureKey(tx);
  // A member that is alone has no one to write to; the commit that adds another one renews its keys.
  const isScheduled = (keyRenewalMs > 0 || hasFormerKey) && state.group.members.length > 1;
  if (requestedAtMs === undefined && !isScheduled) return undefined;
  const agedMs = renewedAtMs + (hasFormerKey ? 0 : keyRenewalMs);
  const scheduledMs = Math.max(agedMs, lastRenewalMs(tx) + SPACING_MS);
  const lastMs = renewals.get(env.self) ?? -Infinity;
  return Math.max(requestedAtMs ?? scheduledMs, lastMs + LIMITS.keyRenewalIntervalMs);
}

/** Whether the user has renewed its signature key since this leaf got its own: the next own commit gives it the new one. */
function hasFormerSignatureKey({ env, state }: ActiveTransaction): boolean {
  const own = rosterEntryOf(state.group, env.self);
  return (
    env.identityProof !== undefined && own !== undefined && own.keySince < env.plugins.mls.signatureKeySince
  );
}

/** Monotonic time at which this member merged the last renewal of any member. */
function lastRenewalMs({ state }: ActiveTransaction): number {
  return Math.max(...state.keys.renewals.values());
}

/** Starts anew to wait for a renewal: a freeze has begun. */
export function dropKeyAnchor(tx: ActiveTransaction): void {
  if (tx.state.keys.anchoredAtMs !== undefined) update(tx, "keys", { anchoredAtMs: undefined });
}

/** Notes the time since which a renewal is due and nothing else is to commit. */
export function anchorKeyRenewal(tx: ActiveTransaction, hasWork: boolean): void {
  const { anchoredAtMs } = tx.state.keys;
  const isAnchored = !hasWork && isKeyRenewalDue(tx);
  if (isAnchored !== (anchoredAtMs !== undefined))
    update(tx, "keys", { anchoredAtMs: isAnchored ? tx.env.nowMs : undefined });
}

/** Monotonic time at which this member starts a freeze to renew its keys. */
export function keyRenewalFreezeMs({ env, state }: ActiveTransaction): number | undefined {
  const { anchoredAtMs } = state.keys;
  if (anchoredAtMs === undefined) return undefined;
  return anchoredAtMs + state.config.commitInactivityMs + STAGGER_MS * state.group.members.indexOf(env.self);
}

/**
 * Requests new keys for this member's leaf.
 *
 * @throws DemlsError `wrong-mode` in a `de-mls-3` conversation.
 */
export function renewKeys(tx: ActiveTransaction): void {
  if (!renewsKeys(tx)) {
    throw new DemlsError("wrong-mode", {
      message: "A de-mls-3 conversation cannot renew keys: 3.0.0 members reject a commit without changes.",
      remedy: "Use a strict conversation.",
    });
  }
  update(tx, "keys", { requestedAtMs: tx.env.nowMs });
}

/** Notes the age of keys that came with a new leaf. */
export function noteKeyAge(tx: ActiveTransaction): void {
  if (renewsKeys(tx) && tx.state.keys.renewedAtMs === undefined)
    update(tx, "keys", { renewedAtMs: tx.env.nowMs });
}

/** Requests new keys after a start or a pause, if the present ones are older than three days. */
export function renewUnattendedKeys(tx: ActiveTransaction): void {
  const { keys, config } = tx.state;
  const ageMs = tx.env.nowMs - (keys.renewedAtMs ?? Infinity);
  if (config.keyRenewalMs > 0 && ageMs > UNATTENDED_MS)
    update(tx, "keys", {
      requestedAtMs: keys.requestedAtMs ?? Math.max(tx.env.nowMs, lastRenewalMs(tx) + SPACING_MS),
    });
}

/** Notes that this member has made a candidate, whose keys its storage holds from now on. */
export function noteOwnCandidate(tx: ActiveTransaction): void {
  const { candidateAtMs = tx.env.nowMs } = tx.state.keys;
  update(tx, "keys", { candidateAtMs });
}

/** Notes that a merged commit has renewed the keys of its committer. A request since an own candidate was made stays. */
export function noteRenewal(tx: ActiveTransaction, member: MemberId, staged: StagedCommit): void {
  const { env, state } = tx;
  if (!renewsKeys(tx)) return;
  const { requestedAtMs = -Infinity, candidateAtMs = env.nowMs } = state.keys;
  const { members } = state.group;
  const present = entriesWhere(state.keys.renewals, (each) => members.includes(each));
  const renewals = isKeyRenewal(staged) ? withEntry(present, member, env.nowMs) : present;
  update(tx, "keys", {
    renewals,
    anchoredAtMs: undefined,
    candidateAtMs: undefined,
    ...(member === env.self && {
      renewedAtMs: candidateAtMs,
      requestedAtMs: requestedAtMs > candidateAtMs ? requestedAtMs : undefined,
    }),
  });
  if (isKeyRenewal(staged)) emit(tx, { kind: "keysRenewed", member });
}
