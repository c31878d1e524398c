import type { MlsAction, StagedCommit } from "@demls/mls";
import type { CandidateRank } from "@demls/steward";
import type { ScoreEvent } from "@demls/scoring";
import { bytesToHex, compareBytes, concatBytes, memberIdToBytes, type MemberId } from "@demls/wire/core";
import { sha256 } from "@noble/hashes/sha2.js";
import { permitsRejoins, rejoinsIn, rejoinsToCommit } from "../join/rejoin-requests.js";
import { acceptsRecord } from "./epoch-record.js";
import { isKeyRenewal, mayRenewKeys } from "../keys/index.js";
import { acceptsArrivals } from "../voting/arrivals.js";
import { openingSteward, turnOf } from "./turn.js";
import { openRequests } from "../voting/open-votes.js";
import { withEntry, withoutKey } from "../model/persistent-collections.js";
import type { HeldCandidate } from "../model/commit.js";
import { LIMITS } from "../model/limits.js";
import { membershipTarget, type ChangeRequest } from "../model/request.js";
import { stewardSeed } from "../model/steward-seed.js";
import { emit, policyOf, trace, update, type ActiveTransaction } from "../model/transaction.js";
import { currentChoices } from "../model/choices.js";
import { presentStewards } from "../presence/index.js";

/**
 * Stores a candidate for the selection. In a strict conversation, a steward's candidates beyond the bound are refused
 * until a member has chosen them. None is displaced, because a commit can be staged only once. In `de-mls-3` the
 * smallest by hash is kept.
 */
export function holdCandidate(tx: ActiveTransaction, candidate: HeldCandidate): boolean {
  const { steward, own, proposalCount } = candidate;
  const commitHash = bytesToHex(candidate.commitHash);
  const rivals = candidatesOf(tx, steward);
  const displaced = policyOf(tx).closesByChoice ? undefined : rivals[0];
  const isRefused =
    displaced === undefined
      ? isSurplus(tx, commitHash, rivals)
      : compareBytes(displaced.commitHash, candidate.commitHash) <= 0;
  if (isRefused) return false;
  const { candidates } = tx.state.commit;
  const others =
    displaced === undefined ? candidates : withoutKey(candidates, bytesToHex(displaced.commitHash));
  update(tx, "commit", { candidates: withEntry(others, commitHash, candidate) });
  trace(tx, { kind: "candidateHeld", steward, commitHash, own, displaced: displaced !== undefined });
  emit(tx, { kind: "commitCandidateReceived", steward, commitHash, proposals: proposalCount, own });
  return true;
}

function isSurplus(tx: ActiveTransaction, commitHash: string, rivals: readonly HeldCandidate[]): boolean {
  const chosen = new Set(currentChoices(tx).map(({ commit }) => commit));
  const others = rivals.filter((rival) => !chosen.has(bytesToHex(rival.commitHash)));
  return others.length >= LIMITS.candidatesPerSteward && !chosen.has(commitHash);
}

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
export function isOut({ state }: ActiveTransaction, { sequence }: HeldCandidate): boolean {
  return sequence === undefined || !state.outbox.entries.some((entry) => entry.sequence === sequence);
}

/**
 * Whether waiting longer is useless: every steward that can commit has sent a candidate, and no candidate contains a
 * change that is still open on this member. Votes that are on their way may approve that change.
 */
export function allCandidatesIn(tx: ActiveTransaction): boolean {
  const { expected, received } = candidateProgress(tx);
  return expected > 0 && received >= expected && !awaitsVotes(tx);
}

function awaitsVotes(tx: ActiveTransaction): boolean {
  const undecided = new Set(openRequests(tx).map(requestKey));
  for (const { request } of tx.state.changes.approved) undecided.delete(requestKey(request));
  return [...tx.state.commit.candidates.values()].some(({ staged }) =>
    votedActions(tx, staged).some((action) => undecided.has(actionKey(action))),
  );
}

/** Number of stewards that can commit, and number of candidates received. */
export function candidateProgress(tx: ActiveTransaction): {
  readonly received: number;
  readonly expected: number;
} {
  const expected = expectedStewards(tx);
  const received = expected.filter((steward) =>
    candidatesOf(tx, steward).some((candidate) => isOut(tx, candidate)),
  );
  return { received: received.length, expected: expected.length };
}

/** Stewards that send a candidate: those on the list, and the one whose turn it was before an election of the epoch. */
export function expectedStewards(tx: ActiveTransaction): readonly MemberId[] {
  const isThere = presentStewards(tx);
  const listed = tx.env.plugins.stewards.stewardMembers(tx.state.stewards.list, isThere);
  const first = policyOf(tx).closesByChoice ? openingSteward(tx, isThere) : undefined;
  return first === undefined || listed.includes(first) ? listed : [...listed, first];
}

/**
 * Rule that a candidate's author violates. Checked when the candidate is used, as in 3.0.0, because the vote that
 * authorises its sender may arrive after the candidate.
 */
export function violationOf(
  tx: ActiveTransaction,
  { steward, ownWork, staged }: HeldCandidate,
): ScoreEvent | undefined {
  // Key renewals, and rejoins: the returning members may refuse the welcomes of all stewards.
  const needsNoVote = policyOf(tx).renewsKeys && votedActions(tx, staged).length === 0;
  return ownWork && (needsNoVote || mayCommit(tx, steward)) ? undefined : "broken-commit";
}

/**
 * Whether a member may commit in this epoch: a listed steward; any member if there is no list, the list is exhausted,
 * or the group is in recovery (`check_commit_sender_authorized` in de-mls 3.0.0).
 */
function mayCommit(tx: ActiveTransaction, member: MemberId): boolean {
  const { env, state } = tx;
  const { stewards } = env.plugins;
  const { list, recovery, opening } = state.stewards;
  if (recovery || stewards.currentList(list) === undefined) return true;
  if (stewards.isExhausted(list, state.group.epoch) || stewards.isSteward(list, member)) return true;
  // Members that have not received the election still follow the list before it.
  return policyOf(tx).closesByChoice && opening !== undefined && stewards.isSteward(opening, member);
}

/**
 * Whether a commit contains only approved changes: all of them, or some if the settings of all members allow that
 * (weakness W23). Omitted changes stay approved.
 */
export function carriesOut(tx: ActiveTransaction, staged: StagedCommit): boolean {
  if (!permitsRejoins(tx, staged)) return false;
  if (isKeyRenewal(staged) && !mayRenewKeys(tx, staged.sender)) return false;
  const leftOut = tx.state.changes.approved.map(({ request }) => requestKey(request));
  for (const key of votedActions(tx, staged).map(actionKey)) {
    const index = leftOut.indexOf(key);
    if (index < 0) return false;
    leftOut.splice(index, 1);
  }
  return leftOut.length === 0 || (staged.actions.length > 0 && allowsSubsets(tx));
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

/**
 * A candidate as it is ranked: rejoins do not count, because stewards hear of them at different times. Nobody can choose an id
 * that comes first among equal ones, since the order follows from the epoch too.
 */
export function rankOf(tx: ActiveTransaction, candidate: HeldCandidate): CandidateRank {
  const { steward, commitHash, proposalCount, staged } = candidate;
  const seed = stewardSeed(tx);
  return {
    ...{ steward, commitHash, proposalCount: proposalCount - 2 * rejoinsIn(tx, staged).size },
    isTurn: turnOf(tx, staged) === steward,
    ...(seed && { order: bytesToHex(sha256(concatBytes(seed, memberIdToBytes(steward)))) }),
  };
}

/** Whether anything waits for a commit. */
export function hasWork(tx: ActiveTransaction): boolean {
  return tx.state.changes.approved.length > 0 || rejoinsToCommit(tx).size > 0;
}

/** Whether a valid candidate renews keys, and there is nothing else to commit: no other candidate is waited for. */
export function isKeyRenewalIn(tx: ActiveTransaction): boolean {
  return (
    !hasWork(tx) &&
    [...tx.state.commit.candidates.values()].some(
      (candidate) => isKeyRenewal(candidate.staged) && isValid(tx, candidate),
    )
  );
}

function allowsSubsets(tx: ActiveTransaction): boolean {
  const { stewards } = tx.env.plugins;
  return policyOf(tx).allowsSubsetCommits && stewards.config(tx.state.stewards.list).allowSubsetCandidates;
}

/** Whether every member with the same approved changes accepts a candidate. */
export function isValid(tx: ActiveTransaction, candidate: HeldCandidate): boolean {
  // Changes without their own proposal are not counted, so 3.0.0 rejects the candidate.
  return (
    candidate.proposalCount === candidate.staged.actions.length &&
    isOut(tx, candidate) &&
    violationOf(tx, candidate) === undefined &&
    carriesOut(tx, candidate.staged) &&
    acceptsItsRecord(tx, candidate)
  );
}

/** Whether this member accepts the record of a candidate. */
export function acceptsItsRecord(tx: ActiveTransaction, candidate: HeldCandidate): boolean {
  const { record, steward } = candidate;
  return acceptsArrivals(tx, candidate) && acceptsRecord(tx, record, mayCommit(tx, steward));
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
