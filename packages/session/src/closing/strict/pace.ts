import type { MemberId } from "@demls/wire/core";
import type { HeldCandidate } from "../../model/commit.js";
import type { ActiveTransaction } from "../../model/transaction.js";
import { isLeaveOf } from "../../model/leaves.js";
import { unpublishedProposal } from "../../model/unpublished-proposal.js";
import { isMajorityThere } from "../../presence/index.js";
import { openRequests } from "../../voting/open-votes.js";
import { votedActions } from "../candidates.js";
import { isComplete, lawfulCandidates } from "./lawful.js";
import { othersInLine, stewardsInLine } from "./turn.js";

/** Least time in ms that approved changes wait for a commit while votes are open, which may approve more. */
const OPEN_VOTES_MS = 2_000;

/** Stand-ins for which a candidate waits that omits approved changes. */
const FULLER_STAND_INS = 2;

/**
 * Time in ms from the first approved change until the freeze. It does not come while the others cannot know an approved change,
 * because its proposal waits to be published here.
 */
export function batchWaitMs(tx: ActiveTransaction): number {
  const { changes, config } = tx.state;
  const { batchMs } = config;
  if (changes.approved.some(({ proposalId }) => unpublishedProposal(tx, proposalId) !== undefined))
    return Infinity;
  return openRequests(tx).length === 0 ? batchMs : Math.max(batchMs, OPEN_VOTES_MS);
}

/**
 * Time in ms after the beginning of the freeze that belongs to the members before this one, which commit first. In recovery all
 * may commit at once.
 */
export function standInWaitMs(tx: ActiveTransaction, member: MemberId): number {
  const { config, stewards } = tx.state;
  if (stewards.recovery) return 0;
  const line = stewardsInLine(tx);
  // The order of the others takes a hash of each, and is seldom asked for.
  const queue = line.includes(member) ? line : [...line, ...othersInLine(tx, line)];
  const place = queue.indexOf(member);
  return (place < 0 ? queue.length : place) * config.standInMs;
}

/**
 * Whether this member commits in place of all stewards: more than half of the voters have voted on each change, or, of a leave,
 * more than half of the members were heard lately. So a member that is cut off makes no branch by proposals that nobody answers.
 */
export function standsIn(tx: ActiveTransaction): boolean {
  const { env, state } = tx;
  return state.changes.approved.every((change) => {
    if (isLeaveOf(change.proposer, change)) return isMajorityThere(tx);
    const tally = env.plugins.consensus.tally(state.votes.sessions, change.proposalId);
    return tally !== undefined && 2 * tally.votes.length > tally.expected;
  });
}

/** Monotonic time of the freeze at which another steward's candidate that is here may be chosen; `undefined` without one. */
export function standInEndsMs(tx: ActiveTransaction): number | undefined {
  const { candidates, anchoredAtMs = 0 } = tx.state.commit;
  const times = [...candidates.values()].map((candidate) => anchoredAtMs + waitFor(tx, candidate));
  const next = Math.min(...times.filter((atMs) => atMs > tx.env.nowMs));
  return Number.isFinite(next) ? next : undefined;
}

/** Candidates that this member accepts, and whose authors have not overtaken a steward before them; best first. */
export async function choosableCandidates(tx: ActiveTransaction): Promise<readonly HeldCandidate[]> {
  const { phase, commit } = tx.state;
  const sinceMs = phase === "freezing" ? commit.anchoredAtMs : undefined;
  const waitedMs = sinceMs === undefined ? 0 : tx.env.nowMs - sinceMs;
  return (await lawfulOnes(tx)).filter((candidate) => waitFor(tx, candidate) <= waitedMs);
}

/** Whether there is a candidate to choose. */
export async function mayChoose(tx: ActiveTransaction): Promise<boolean> {
  return (await choosableCandidates(tx)).length > 0;
}

/** Whether this member accepts a candidate that is here, so that its own would only compete with it. */
export async function isServed(tx: ActiveTransaction): Promise<boolean> {
  return (await lawfulOnes(tx)).some((candidate) => isComplete(tx, candidate));
}

async function lawfulOnes(tx: ActiveTransaction): Promise<readonly HeldCandidate[]> {
  return tx.state.commit.candidates.size === 0 ? [] : lawfulCandidates(tx);
}

/**
 * Time in ms of the freeze that a candidate waits for better ones: of the stewards before its author, or with more changes. A
 * fuller one is sent by the next steward and has to arrive, so nobody withholds a change by a commit of the others.
 */
function waitFor(tx: ActiveTransaction, candidate: HeldCandidate): number {
  const { staged } = candidate;
  if (votedActions(tx, staged).length === 0) return 0;
  const fullerMs = isComplete(tx, candidate) ? 0 : FULLER_STAND_INS * tx.state.config.standInMs;
  return Math.max(standInWaitMs(tx, staged.sender), fullerMs);
}
