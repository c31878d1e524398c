import type { MlsAction, StagedCommit } from "@demls/mls";
import type { ScoreEvent } from "@demls/scoring";
import type { ConversationUpdateRequest } from "@demls/wire";
import { bytesToHex, compareBytes, type MemberId } from "@demls/wire/core";
import { openRequests } from "./open-votes.js";
import { withEntry } from "./persistent-collections.js";
import type { HeldCandidate } from "./state.js";
import { decide, eligibleStewards, emit, policyOf, requireGroup, update, type Turn } from "./turn.js";
import { membershipTarget } from "./update-request.js";

/** Keeps a candidate for the selection; of two by one member the one with the smaller hash. */
export function holdCandidate(turn: Turn, candidate: HeldCandidate): boolean {
  const { candidates } = turn.state;
  const held = candidates.get(candidate.steward);
  if (held !== undefined && compareBytes(held.commitHash, candidate.commitHash) <= 0) return false;
  update(turn, { candidates: withEntry(candidates, candidate.steward, candidate) });
  const { steward, own, proposalCount } = candidate;
  const commitHash = bytesToHex(candidate.commitHash);
  decide(turn, { kind: "candidate-held", steward, commitHash, own, displaced: held !== undefined });
  emit(turn, { kind: "commitCandidateReceived", steward, commitHash, proposals: proposalCount, own });
  return true;
}

/** What is approved now: who makes a candidate later than this may know more. */
export function approvedIds({ state }: Turn): readonly number[] {
  return state.approved.map(({ proposalId }) => proposalId);
}

/** Whether `hash` is among the commits merged lately. */
export function isCommitted(turn: Turn, hash: Uint8Array): boolean {
  return turn.state.committed.includes(bytesToHex(hash));
}

/**
 * Whether a candidate is one that others can have too. One's own that still waits for the network must not win:
 * its author would be alone in the next epoch.
 */
export function isOut({ state }: Turn, { sequence }: HeldCandidate): boolean {
  return sequence === undefined || !state.outbox.some((entry) => entry.sequence === sequence);
}

/**
 * Whether every steward that can commit has sent a candidate, and no candidate does what is still being voted on here,
 * so that waiting longer brings nothing. By votes on their way others may take that candidate, as its author did.
 */
export function allCandidatesIn(turn: Turn): boolean {
  const { expected, received } = candidateProgress(turn);
  return expected > 0 && received >= expected && !awaitsVotes(turn);
}

function awaitsVotes(turn: Turn): boolean {
  const undecided = new Set(openRequests(turn).map(requestKey));
  for (const { request } of turn.state.approved) undecided.delete(requestKey(request));
  return [...turn.state.candidates.values()].some(({ staged }) =>
    staged.actions.some((action) => undecided.has(actionKey(action))),
  );
}

/** How many of the stewards that can commit have sent a candidate. */
export function candidateProgress(turn: Turn): { readonly received: number; readonly expected: number } {
  const { stewards } = turn.env.plugins;
  const expected = stewards.stewardMembers(turn.state.stewards, eligibleStewards(turn));
  const received = expected.filter((steward) => {
    const candidate = turn.state.candidates.get(steward);
    return candidate !== undefined && isOut(turn, candidate);
  });
  return { received: received.length, expected: expected.length };
}

/**
 * The rule that a candidate breaks by who made it. It is judged when the candidate is used, as in 3.0.0, and
 * not when it comes: the vote by which its sender may commit can arrive after it.
 */
export function violationOf(turn: Turn, { steward, ownWork }: HeldCandidate): ScoreEvent | undefined {
  return ownWork && mayCommit(turn, steward) ? undefined : "broken-commit";
}

/**
 * Whether a member may commit in this epoch: a listed steward; anyone while there is no list, the
 * list is exhausted, or the group is in recovery (`check_commit_sender_authorized` in de-mls 3.0.0).
 */
function mayCommit(turn: Turn, member: MemberId): boolean {
  const { env, state } = turn;
  const { stewards } = env.plugins;
  if (state.recovery || stewards.currentList(state.stewards) === undefined) return true;
  return (
    stewards.isExhausted(state.stewards, requireGroup(turn).epoch) ||
    stewards.isSteward(state.stewards, member)
  );
}

/**
 * Whether a commit does what was approved and nothing else: all of it, or a part where the settings allow that
 * and everyone keeps to them (weakness W23). What it leaves out stays approved.
 */
export function carriesOut(turn: Turn, staged: StagedCommit): boolean {
  const leftOut = turn.state.approved.map(({ request }) => requestKey(request));
  for (const key of staged.actions.map(actionKey)) {
    const index = leftOut.indexOf(key);
    if (index < 0) return false;
    leftOut.splice(index, 1);
  }
  return leftOut.length === 0 || (staged.actions.length > 0 && allowsSubsets(turn));
}

function allowsSubsets(turn: Turn): boolean {
  const { stewards } = turn.env.plugins;
  return policyOf(turn).allowsSubsetCommits && stewards.config(turn.state.stewards).allowSubsetCandidates;
}

/** Whether a held candidate is one that every member takes which has approved the same. */
export function isValid(turn: Turn, candidate: HeldCandidate): boolean {
  // Changes that the commit holds without a proposal of their own are not counted, and 3.0.0 drops it for that.
  return (
    candidate.proposalCount === candidate.staged.actions.length &&
    isOut(turn, candidate) &&
    violationOf(turn, candidate) === undefined &&
    carriesOut(turn, candidate.staged)
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
