import { enterPhase } from "./phase.js";
import type { MlsChange } from "@demls/mls";
import { commitHash } from "@demls/steward";
import { encodeAppMessage } from "@demls/wire";
import { APP_MSG_SUBTOPIC, DemlsError, memberIdToBytes } from "@demls/wire/core";
import { withdraw } from "../messages/outbox.js";
import { enqueue, SENDABLE_BYTES } from "../messages/send.js";
import { LIMITS } from "../model/limits.js";
import { entriesWhere } from "../model/persistent-collections.js";
import type { PhaseReason } from "../model/traced-decision.js";
import {
  emit,
  isPendingRemoval,
  policyOf,
  update,
  updateActive,
  type ActiveTransaction,
} from "../model/transaction.js";
import { hexBytes } from "../model/hex.js";
import { leavesToOthers, rejoinsToCommit } from "../join/rejoin-requests.js";
import { hasOwnElection } from "../stewards/elections.js";
import { approvedIds, candidatesOf, hasWork, isPublished } from "./candidates.js";
import { holdCandidate, isKeyRenewalIn } from "./progress.js";
import { closingRules } from "./rules-of.js";
import {
  anchorKeyRenewal,
  dropKeyAnchor,
  isKeyRenewalDue,
  keyRenewalFreezeMs,
  noteOwnCandidate,
} from "../keys/index.js";
import { swappedKeyPackages } from "./swapped-key-package.js";
import { candidateSlot } from "../model/packet-slots.js";
import { passUnconfirmed } from "../standing/index.js";
import { hastenReports } from "../lost-packets/index.js";

/** Starts to collect commit candidates. A steward sends its own. */
export async function enterFreeze(tx: ActiveTransaction, reason: PhaseReason): Promise<void> {
  enterPhase(tx, "freezing", reason, tx.env.nowMs);
  dropKeyAnchor(tx);
  await awaitTurn(tx, tx.env.nowMs);
}

/** Sends this member's candidate once it is its turn in a freeze. */
async function awaitTurn(tx: ActiveTransaction, sinceMs: number): Promise<void> {
  const atMs = sinceMs + (hasWork(tx) ? closingRules(tx).standInWaitMs(tx, tx.env.self) : 0);
  const isNow = atMs <= tx.env.nowMs;
  update(tx, "commit", { candidateDueAtMs: isNow ? undefined : atMs });
  if (isNow) await sendDueCandidate(tx);
}

/**
 * Starts a freeze without the inactivity timer, for an urgent removal or after a Deadlock. A 3.0.0 steward sends no
 * candidate then, so the change would wait for an election; this implementation sends one (W21).
 */
export async function forceFreeze(
  tx: ActiveTransaction,
  reason: "urgent-removal" | "deadlock",
): Promise<void> {
  const { phase } = tx.state;
  if (!hasWork(tx) || (phase !== "working" && phase !== "reelection")) return;
  await enterFreeze(tx, reason);
}

/** Sends this member's candidate during a freeze if an election has just made it a steward. */
async function joinFreeze(tx: ActiveTransaction): Promise<void> {
  const { phase, commit } = tx.state;
  if (phase === "freezing" && candidatesOf(tx, tx.env.self).length === 0)
    await awaitTurn(tx, commit.anchoredAtMs ?? tx.env.nowMs);
}

/**
 * Monotonic time at which the inactivity timer fires. It runs while a change or this member's new keys wait for a
 * commit, and, with 3.0.0 members, this member has no open election.
 */
export function freezeDueMs(tx: ActiveTransaction): number | undefined {
  const { config, phase, commit, stewards } = tx.state;
  if (phase !== "working" || awaitsElection(tx)) return undefined;
  if (!hasWork(tx)) return keyRenewalFreezeMs(tx);
  if (commit.anchoredAtMs === undefined) return undefined;
  const isRecovering = stewards.recovery || tx.env.plugins.stewards.retryRound(stewards.list) > 0;
  const waitMs = isRecovering ? config.recoveryInactivityMs : closingRules(tx).batchWaitMs(tx);
  return Number.isFinite(waitMs) ? commit.anchoredAtMs + waitMs : undefined;
}

/** Whether the inactivity timer waits for an election of this member. */
function awaitsElection(tx: ActiveTransaction): boolean {
  return closingRules(tx).holdsStill && hasOwnElection(tx);
}

/** Monotonic time at which this member sends a candidate in place of a steward that has not, or may choose one. */
export function standInDueMs(tx: ActiveTransaction): number | undefined {
  const { phase, commit } = tx.state;
  if (phase !== "freezing") return undefined;
  const { candidateDueAtMs = Infinity } = commit;
  const atMs = Math.min(candidateDueAtMs, closingRules(tx).standInEndsMs(tx) ?? Infinity);
  return Number.isFinite(atMs) ? atMs : undefined;
}

/** Sends this member's candidate if it is time: in place of that of a steward that has sent none. */
export async function standIn(tx: ActiveTransaction): Promise<void> {
  if ((tx.state.commit.candidateDueAtMs ?? Infinity) > tx.env.nowMs) return;
  update(tx, "commit", { candidateDueAtMs: undefined });
  await sendDueCandidate(tx);
}

/** Monotonic time at which the freeze ends. */
export function selectionDueMs({ state }: ActiveTransaction): number | undefined {
  const { anchoredAtMs } = state.commit;
  return state.phase === "freezing" && anchoredAtMs !== undefined
    ? anchoredAtMs + state.config.freezeMs
    : undefined;
}

/** Starts the inactivity timer when a change, or else new keys, wait for a commit, and stops it when none do. */
export function anchorInactivity(tx: ActiveTransaction): void {
  const { phase, commit } = tx.state;
  const isWaiting = hasWork(tx);
  anchorKeyRenewal(tx, isWaiting);
  if (phase !== "working") return;
  if (!isWaiting) {
    if (commit.anchoredAtMs !== undefined) update(tx, "commit", { anchoredAtMs: undefined });
  } else if (commit.anchoredAtMs === undefined && !awaitsElection(tx)) {
    update(tx, "commit", { anchoredAtMs: tx.env.nowMs });
  }
}

/**
 * Sends a candidate if this member is a steward, or stands in for them, or the group is in recovery, or if it renews its keys. A
 * member whose removal is approved sends none.
 */
async function sendDueCandidate(tx: ActiveTransaction): Promise<void> {
  const { env, state } = tx;
  const { list, recovery } = state.stewards;
  if (isPendingRemoval(state, env.self) || isOvertaken(tx) || (await closingRules(tx).isServed(tx))) return;
  const isCommitter =
    closingRules(tx).standsIn(tx) ||
    recovery ||
    env.plugins.stewards.isSteward(list, env.self) ||
    closingRules(tx).awaited(tx).includes(env.self);
  if (isCommitter || renewsKeys(tx)) await sendOwnCandidate(tx);
}

/**
 * Whether the others have left this epoch, and this member has a candidate of it. Another candidate would compete with
 * the commit that they have merged.
 */
export function isOvertaken({ env, state }: ActiveTransaction): boolean {
  const { peerEpoch } = state.repair;
  return (
    peerEpoch !== undefined &&
    peerEpoch > state.group.epoch &&
    [...state.commit.candidates.values()].some(({ steward }) => steward !== env.self)
  );
}

/** Whether this member's next commit is for its new keys alone, and no other member is about to renew its own. */
function renewsKeys(tx: ActiveTransaction): boolean {
  return !hasWork(tx) && isKeyRenewalDue(tx) && !isKeyRenewalIn(tx);
}

async function sendOwnCandidate(tx: ActiveTransaction): Promise<void> {
  const rejoins = await rejoinChanges(tx);
  const changes = [...approvedChanges(tx).slice(0, LIMITS.commitChanges - rejoins.length), ...rejoins];
  if ((changes.length === 0 && !renewsKeys(tx)) || (await keepsOwnCandidate(tx))) return;
  const { env } = tx;
  try {
    const { record, sealed: recorded } = await closingRules(tx).carriedRecord(tx);
    await passUnconfirmed(tx, "handshake");
    const { group, candidate } = await env.plugins.mls.createCandidate(tx.state.group, changes, {
      ...(recorded && { authenticatedData: recorded }),
      ...(policyOf(tx).renewsKeys && env.identityProof && { identityProof: env.identityProof }),
    });
    updateActive(tx, { group });
    const { proposals, commit, welcome, ...staged } = candidate;
    const payload = encodeAppMessage({
      kind: "commit_candidate",
      candidate: {
        conversationName: hexBytes(group.groupId),
        mlsProposals: proposals,
        commitMessage: commit,
        stewardIdentity: memberIdToBytes(env.self),
      },
    });
    if (Math.max(payload.length, welcome?.length ?? 0) > SENDABLE_BYTES) {
      if (staged.next !== undefined) tx.effects.push({ kind: "discardGroup", group: staged.next });
      throw candidateTooLarge();
    }
    const hash = commitHash(commit);
    const sealed = { epoch: group.epoch, slot: candidateSlot(hash) };
    noteOwnCandidate(tx);
    const sequence = enqueue(tx, payload, APP_MSG_SUBTOPIC, { sealed });
    hastenReports(tx);
    holdCandidate(tx, {
      steward: env.self,
      commitHash: hash,
      proposalCount: proposals.length,
      own: true,
      sequence,
      staged,
      ownWork: true,
      approvedThen: approvedIds(tx),
      record,
      welcome,
    });
  } catch (error) {
    // Peers' candidates still count, so the freeze goes on without this member's.
    if (!(error instanceof DemlsError)) throw error;
    emit(tx, {
      kind: "error",
      code: "commit-candidate-failed",
      operation: "commitCandidate",
      message: error.message,
    });
  }
}

/**
 * Whether a candidate of this member from an earlier freeze fits this one too. An unpublished one that does not fit is
 * withdrawn, so that it is not chosen.
 */
async function keepsOwnCandidate(tx: ActiveTransaction): Promise<boolean> {
  const own = candidatesOf(tx, tx.env.self);
  for (const { staged } of own) {
    // A newer key package of a joiner may have been approved since.
    if (closingRules(tx).carriesOut(tx, staged) && (await swappedKeyPackages(tx, staged)).length === 0)
      return true;
  }
  for (const { sequence } of own.filter((candidate) => !isPublished(tx, candidate))) {
    withdraw(tx, sequence);
    if (sequence !== undefined) dropUnpublishedCandidate(tx, sequence);
  }
  return false;
}

/** Deletes this member's candidate if its packet was abandoned. */
function dropUnpublishedCandidate(tx: ActiveTransaction, sequence: number): void {
  const { candidates } = tx.state.commit;
  const kept = entriesWhere(candidates, (_, candidate) => candidate.sequence !== sequence);
  if (kept !== candidates) update(tx, "commit", { candidates: kept });
}

/** Error for a candidate that exceeds the packet size: its author would merge it alone. */
function candidateTooLarge(): DemlsError<"packet-too-large"> {
  return new DemlsError("packet-too-large", {
    message: `The commit or its welcome exceeds the maximum of ${SENDABLE_BYTES} bytes.`,
  });
}

/**
 * Changes of the next commit: all approved changes that still affect the group. Members open no more votes than a 3.0.0
 * batch holds, but crossing leaves and manual votes can approve more. Peers reject partial commits.
 */
function approvedChanges(tx: ActiveTransaction): readonly MlsChange[] {
  const { approved } = tx.state.changes;
  const urgentTarget = policyOf(tx).urgentCommitCarriesAll ? undefined : tx.state.changes.urgentTarget;
  const members = new Set(tx.state.group.members);
  const changes: MlsChange[] = [];
  for (const { request } of approved) {
    if (request.kind === "remove") {
      const { member } = request;
      if (urgentTarget !== undefined && member !== urgentTarget) continue;
      if (members.has(member)) changes.push({ kind: "remove", member });
    } else if (request.kind === "add" && urgentTarget === undefined) {
      if (!members.has(request.member)) changes.push({ kind: "add", keyPackage: request.keyPackage });
    }
  }
  return changes;
}

/** Changes that replace the leaves of members that were left behind, as far as this group can make them now. */
async function rejoinChanges(tx: ActiveTransaction): Promise<readonly MlsChange[]> {
  const { mls } = tx.env.plugins;
  const changes: MlsChange[] = [];
  const own = [...rejoinsToCommit(tx)].filter(([member, request]) => !leavesToOthers(tx, member, request));
  for (const [member, { keyPackage }] of own.slice(0, LIMITS.rejoinsPerCommit)) {
    const check = await mls.canReplace(tx.state.group, keyPackage);
    if (check.ok) changes.push({ kind: "remove", member }, { kind: "add", keyPackage });
  }
  return changes;
}

/** This member's own candidate. */
export const ownCandidate = { join: joinFreeze, drop: dropUnpublishedCandidate };
