import type { ScoreEvent } from "@demls/scoring";
import { bytesToHex } from "@demls/wire/core";
import { isKeyRenewal } from "../keys/index.js";
import type { HeldCandidate } from "../model/commit.js";
import { withEntry, withoutKey } from "../model/persistent-collections.js";
import { emit, trace, update, type ActiveTransaction } from "../model/transaction.js";
import { openRequests } from "../voting/open-votes.js";
import { actionKey, candidatesOf, hasWork, isPublished, requestKey, votedActions } from "./candidates.js";
import { closingRules } from "./rules-of.js";

/** Stores a candidate for the selection, if its steward has not too many. */
export function holdCandidate(tx: ActiveTransaction, candidate: HeldCandidate): boolean {
  const { steward, own, proposalCount } = candidate;
  const commitHash = bytesToHex(candidate.commitHash);
  const { isRefused, displaced } = closingRules(tx).hold(tx, candidate, candidatesOf(tx, steward));
  if (isRefused) return false;
  const { candidates } = tx.state.commit;
  const others =
    displaced === undefined ? candidates : withoutKey(candidates, bytesToHex(displaced.commitHash));
  update(tx, "commit", { candidates: withEntry(others, commitHash, candidate) });
  trace(tx, { kind: "candidateHeld", steward, commitHash, own, displaced: displaced !== undefined });
  emit(tx, { kind: "commitCandidateReceived", steward, commitHash, proposals: proposalCount, own });
  return true;
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
  const expected = closingRules(tx).awaited(tx);
  const received = expected.filter((steward) =>
    candidatesOf(tx, steward).some((candidate) => isPublished(tx, candidate)),
  );
  return { received: received.length, expected: expected.length };
}

/** Rule that a candidate's author violates; `undefined` if none. */
export function violationOf(tx: ActiveTransaction, candidate: HeldCandidate): ScoreEvent | undefined {
  return closingRules(tx).violationOf(tx, candidate);
}

/** Whether a valid candidate renews keys, and there is nothing else to commit: no other candidate is waited for. */
export function isKeyRenewalIn(tx: ActiveTransaction): boolean {
  return (
    !hasWork(tx) &&
    [...tx.state.commit.candidates.values()].some(
      (candidate) => isKeyRenewal(candidate.staged) && closingRules(tx).isValid(tx, candidate),
    )
  );
}
