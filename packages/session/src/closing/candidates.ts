import type { MlsAction, StagedCommit } from "@demls/mls";
import { bytesToHex, type MemberId } from "@demls/wire/core";
import { permitsRejoins, rejoinsIn, rejoinsToCommit } from "../join/rejoin-requests.js";
import { isKeyRenewal, mayRenewKeys } from "../keys/index.js";
import type { HeldCandidate } from "../model/commit.js";
import { membershipTarget, type ChangeRequest } from "../model/request.js";
import { trace, type ActiveTransaction } from "../model/transaction.js";
import type { CandidateDropReason } from "../model/traced-decision.js";

/** Candidates of one steward. */
export function candidatesOf({ state }: ActiveTransaction, steward: MemberId): HeldCandidate[] {
  return [...state.commit.candidates.values()].filter((candidate) => candidate.steward === steward);
}

/** Ids of the approved changes. The author of a later candidate may have approved more. */
export function approvedIds({ state }: ActiveTransaction): readonly number[] {
  return state.changes.approved.map(({ proposalId }) => proposalId);
}

/** Whether `hash` is a recently merged commit. */
export function isCommitted(tx: ActiveTransaction, hash: Uint8Array): boolean {
  return tx.state.commit.merged.includes(bytesToHex(hash));
}

/**
 * Whether a candidate was published. This member's own unpublished candidate must not win: it would be alone in the
 * next epoch.
 */
export function isPublished({ state }: ActiveTransaction, { sequence }: HeldCandidate): boolean {
  return sequence === undefined || !state.outbox.entries.some((entry) => entry.sequence === sequence);
}

/** Changes of a commit that need a vote: all but the two by which a member replaces its leaf. */
export function votedActions(tx: ActiveTransaction, staged: StagedCommit): readonly MlsAction[] {
  const rejoins = rejoinsIn(tx, staged);
  return staged.actions.filter((action) => action.kind === "other" || !rejoins.has(action.member));
}

/** Whether a change of a commit adds a joiner that has given up, as far as this member knows. */
export function isWithdrawn({ state }: ActiveTransaction, action: MlsAction): boolean {
  return action.kind === "add" && state.refusals.withdrawn.has(action.reference);
}

/** Whether anything waits for a commit. */
export function hasWork(tx: ActiveTransaction): boolean {
  return tx.state.changes.approved.length > 0 || rejoinsToCommit(tx).size > 0;
}

/** Candidates that the other members can have. */
export function publishedCandidates(tx: ActiveTransaction): readonly HeldCandidate[] {
  return [...tx.state.commit.candidates.values()].filter((candidate) => isPublished(tx, candidate));
}

/** Number of changes by which a candidate is ranked: rejoins do not count, because stewards hear of them at different times. */
export function countedChanges(tx: ActiveTransaction, { proposalCount, staged }: HeldCandidate): number {
  return proposalCount - 2 * rejoinsIn(tx, staged).size;
}

/** Whether each change has a proposal of its own. Changes without one are not counted, so 3.0.0 rejects the candidate. */
export function isCountedRight({ proposalCount, staged }: HeldCandidate): boolean {
  return proposalCount === staged.actions.length;
}

/** Traces candidates that are not merged. */
export function drop(
  tx: ActiveTransaction,
  candidates: readonly HeldCandidate[],
  reason: CandidateDropReason,
): void {
  for (const { steward, commitHash } of candidates)
    trace(tx, { kind: "candidateDropped", steward, commitHash: bytesToHex(commitHash), reason });
}

/**
 * Whether a member may commit in this epoch: a listed steward; any member if there is no list, the list is exhausted,
 * or the group is in recovery (`check_commit_sender_authorized` in de-mls 3.0.0).
 */
export function isListedCommitter({ env, state }: ActiveTransaction, member: MemberId): boolean {
  const { stewards } = env.plugins;
  const { list, recovery } = state.stewards;
  if (recovery || stewards.currentList(list) === undefined) return true;
  return stewards.isExhausted(list, state.group.epoch) || stewards.isSteward(list, member);
}

/**
 * Whether a commit contains only approved changes: all of them, or some if that is allowed (weakness W23). Omitted changes
 * stay approved.
 */
export function carriesOutApproved(
  tx: ActiveTransaction,
  staged: StagedCommit,
  allowsSubset: boolean,
): boolean {
  if (!permitsRejoins(tx, staged)) return false;
  if (isKeyRenewal(staged) && !mayRenewKeys(tx, staged.sender)) return false;
  const leftOut = tx.state.changes.approved.map(({ request }) => requestKey(request));
  for (const key of votedActions(tx, staged).map(actionKey)) {
    const index = leftOut.indexOf(key);
    if (index < 0) return false;
    leftOut.splice(index, 1);
  }
  return leftOut.length === 0 || (staged.actions.length > 0 && allowsSubset);
}

/** Kind and target of a request; equal to {@link actionKey} of the commit that carries it out. */
export function requestKey(request: ChangeRequest): string {
  return `${request.kind} ${membershipTarget(request) ?? ""}`;
}

/** Kind and target of a change in a commit. */
export function actionKey(action: MlsAction): string {
  switch (action.kind) {
    case "add":
      return `add ${action.member}`;
    case "remove":
      return `remove ${action.member}`;
    case "other":
      return `other ${action.type}`;
  }
}
