import type { MlsAction, StagedCommit } from "@demls/mls";
import type { ScoreEvent } from "@demls/scoring";
import type { ConversationUpdateRequest } from "@demls/wire";
import { bytesToHex, compareBytes, type MemberId } from "@demls/wire/core";
import { openRequests } from "../voting/open-votes.js";
import { withEntry } from "../model/persistent-collections.js";
import type { HeldCandidate } from "../model/state.js";
import { trace, eligibleStewards, emit, policyOf, requireGroup, update, type Transaction } from "../model/transaction.js";
import { membershipTarget } from "../model/request.js";

/** Keeps a candidate for the selection; of two by one member the one with the smaller hash. */
export function holdCandidate(tx: Transaction, candidate: HeldCandidate): boolean {
  const { candidates } = tx.state;
  const held = candidates.get(candidate.steward);
  if (held !== undefined && compareBytes(held.commitHash, candidate.commitHash) <= 0) return false;
  update(tx, { candidates: withEntry(candidates, candidate.steward, candidate) });
  const { steward, own, proposalCount } = candidate;
  const commitHash = bytesToHex(candidate.commitHash);
  trace(tx, { kind: "candidateHeld", steward, commitHash, own, displaced: held !== undefined });
  emit(tx, { kind: "commitCandidateReceived", steward, commitHash, proposals: proposalCount, own });
  return true;
}

/** What is approved now: who makes a candidate later than this may know more. */
export function approvedIds({ state }: Transaction): readonly number[] {
  return state.approved.map(({ proposalId }) => proposalId);
}

/** Whether `hash` is among the commits merged lately. */
export function isCommitted(tx: Transaction, hash: Uint8Array): boolean {
  return tx.state.committed.includes(bytesToHex(hash));
}

/**
 * Whether a candidate is one that others can have too. One's own that still waits for the network must not win:
 * its author would be alone in the next epoch.
 */
export function isOut({ state }: Transaction, { sequence }: HeldCandidate): boolean {
  return sequence === undefined || !state.outbox.some((entry) => entry.sequence === sequence);
}

/**
 * Whether every steward that can commit has sent a candidate, and no candidate does what is still being voted on here,
 * so that waiting longer brings nothing. By votes on their way others may take that candidate, as its author did.
 */
export function allCandidatesIn(tx: Transaction): boolean {
  const { expected, received } = candidateProgress(tx);
  return expected > 0 && received >= expected && !awaitsVotes(tx);
}

function awaitsVotes(tx: Transaction): boolean {
  const undecided = new Set(openRequests(tx).map(requestKey));
  for (const { request } of tx.state.approved) undecided.delete(requestKey(request));
  return [...tx.state.candidates.values()].some(({ staged }) =>
    staged.actions.some((action) => undecided.has(actionKey(action))),
  );
}

/** How many of the stewards that can commit have sent a candidate. */
export function candidateProgress(tx: Transaction): { readonly received: number; readonly expected: number } {
  const { stewards } = tx.env.plugins;
  const expected = stewards.stewardMembers(tx.state.stewards, eligibleStewards(tx));
  const received = expected.filter((steward) => {
    const candidate = tx.state.candidates.get(steward);
    return candidate !== undefined && isOut(tx, candidate);
  });
  return { received: received.length, expected: expected.length };
}

/**
 * The rule that a candidate breaks by who made it. It is judged when the candidate is used, as in 3.0.0, and
 * not when it comes: the vote by which its sender may commit can arrive after it.
 */
export function violationOf(tx: Transaction, { steward, ownWork }: HeldCandidate): ScoreEvent | undefined {
  return ownWork && mayCommit(tx, steward) ? undefined : "broken-commit";
}

/**
 * Whether a member may commit in this epoch: a listed steward; anyone while there is no list, the
 * list is exhausted, or the group is in recovery (`check_commit_sender_authorized` in de-mls 3.0.0).
 */
function mayCommit(tx: Transaction, member: MemberId): boolean {
  const { env, state } = tx;
  const { stewards } = env.plugins;
  if (state.recovery || stewards.currentList(state.stewards) === undefined) return true;
  return (
    stewards.isExhausted(state.stewards, requireGroup(tx).epoch) ||
    stewards.isSteward(state.stewards, member)
  );
}

/**
 * Whether a commit does what was approved and nothing else: all of it, or a part where the settings allow that
 * and everyone keeps to them (weakness W23). What it leaves out stays approved.
 */
export function carriesOut(tx: Transaction, staged: StagedCommit): boolean {
  const leftOut = tx.state.approved.map(({ request }) => requestKey(request));
  for (const key of staged.actions.map(actionKey)) {
    const index = leftOut.indexOf(key);
    if (index < 0) return false;
    leftOut.splice(index, 1);
  }
  return leftOut.length === 0 || (staged.actions.length > 0 && allowsSubsets(tx));
}

function allowsSubsets(tx: Transaction): boolean {
  const { stewards } = tx.env.plugins;
  return policyOf(tx).allowsSubsetCommits && stewards.config(tx.state.stewards).allowSubsetCandidates;
}

/** Whether a held candidate is one that every member takes which has approved the same. */
export function isValid(tx: Transaction, candidate: HeldCandidate): boolean {
  // Changes that the commit holds without a proposal of their own are not counted, and 3.0.0 drops it for that.
  return (
    candidate.proposalCount === candidate.staged.actions.length &&
    isOut(tx, candidate) &&
    violationOf(tx, candidate) === undefined &&
    carriesOut(tx, candidate.staged)
  );
}

/** What a request changes, and for whom: the same text as {@link actionKey} of the commit that carries it out. */
export function requestKey(request: ConversationUpdateRequest): string {
  return `${request.kind} ${membershipTarget(request) ?? ""}`;
}

/** What a commit changes, and for whom. */
export function actionKey(action: MlsAction): string {
  switch (action.kind) {
    case "add":
      return `invite_member ${action.member}`;
    case "remove":
      return `remove_member ${action.member}`;
    case "other":
      return `other ${action.type}`;
  }
}
