import type { MemberId } from "@demls/wire/core";
import { NO_FACTS, type Facts } from "../model/fact.js";
import { deadlockRequest, endsWithEpoch, type ElectionRequest } from "../model/request.js";
import type { HeldBackReason } from "../model/traced-decision.js";
import {
  eligibleStewards,
  emit,
  isPendingRemoval,
  policyOf,
  trace,
  update,
  type ActiveTransaction,
} from "../model/transaction.js";
import type { OpenVote } from "../model/votes.js";
import { proposeAutomatically } from "../voting/automatic-proposal.js";
import { isUnexpectedElection } from "../voting/election-validity.js";
import { forgetVote, markResolved, ownOpenVotes } from "../voting/open-votes.js";
import { abandonProposal, openProposal, proposalBlock } from "../voting/propose.js";
import { seeded } from "../model/steward-seed.js";
import { applyEpochResult } from "./epoch-results.js";
import { isAbsent } from "../presence/index.js";

/** Whether an election of this member is open. */
export function hasOwnElection(tx: ActiveTransaction): boolean {
  return ownOpenVotes(tx).some(({ request }) => request.kind === "electStewards");
}

/** Options of {@link proposeElection}. */
export interface ElectionOptions {
  /** Elects although the current list is not exhausted, and omits members with an approved removal. */
  readonly recovery: boolean;
  /** Also omits this member. */
  readonly exclude?: MemberId;
  /** Allows the excluded member to propose, if it is this member. */
  readonly handsOver?: boolean;
}

/** Proposes the next steward list if this member is the proposer; otherwise does nothing. */
export async function proposeElection(tx: ActiveTransaction, options: ElectionOptions): Promise<void> {
  const { env, state } = tx;
  const block = proposalBlock(tx, "election");
  if (block !== undefined) return holdBack(tx, block);
  if (hasOwnElection(tx)) return holdBack(tx, "own-election-open");
  const pool = state.group.members.filter(
    (member) =>
      member !== options.exclude &&
      !(options.recovery && isPendingRemoval(state, member)) &&
      !isAbsent(tx, member),
  );
  const candidates = new Set(pool);
  const decision = env.plugins.stewards.proposeElection(
    seeded(tx),
    state.group.epoch,
    pool,
    env.self,
    (member) => candidates.has(member) || (options.handsOver === true && member === env.self),
    options.recovery,
  );
  if (decision.kind === "skip") return holdBack(tx, decision.reason);
  await openElection(tx, decision.proposedStewards, decision.retryRound);
}

/** Opens an election for this epoch, whether or not it is this member's turn. */
export async function openElection(
  tx: ActiveTransaction,
  stewards: readonly MemberId[],
  retryRound: number,
): Promise<void> {
  const electionEpoch = tx.state.group.epoch;
  const request: ElectionRequest = { kind: "electStewards", stewards, electionEpoch, retryRound };
  await proposeAutomatically(tx, "stewardElection", () => openProposal(tx, request, "deferred"));
}

function holdBack(
  tx: ActiveTransaction,
  reason: HeldBackReason,
  operation: "stewardElection" | "deadlock" = "stewardElection",
): void {
  trace(tx, { kind: "heldBack", operation, target: undefined, reason });
}

/**
 * Installs an elected list. 3.0.0 checks only the list's own order, because its voters know the members that it was
 * derived from. A list that members cannot derive is reported, and installed only if 3.0.0 members install it.
 */
export function applyElection(
  tx: ActiveTransaction,
  { proposalId, proposer }: OpenVote,
  election: ElectionRequest,
): Facts {
  const isUnexpected = isUnexpectedElection(tx, proposalId, election, proposer);
  const { electionEpoch, retryRound, stewards: elected } = election;
  if (!tx.env.plugins.stewards.validateProposed(seeded(tx), elected, electionEpoch, elected, retryRound)) {
    reportElection(tx, "The elected steward list has an invalid order; the old list stays.");
    return NO_FACTS;
  }
  if (isUnexpected && policyOf(tx).rejectsUnexpectedElections) {
    reportElection(tx, "The elected steward list cannot be derived from the members; the old list stays.");
    return NO_FACTS;
  }
  if (isUnexpected)
    reportElection(tx, "The elected steward list cannot be derived from the members; it was installed.");
  applyEpochResult(tx, { proposalId, approved: true, epoch: tx.state.group.epoch, request: election });
  return [{ kind: "stewardsElected" }];
}

/** Ends the elections and Deadlocks of the epoch before: the record of its commit states the stewards. */
export function endPastElections(tx: ActiveTransaction): void {
  for (const { proposalId, request, result, own } of tx.state.votes.open.values()) {
    if (!endsWithEpoch(request) || result !== undefined) continue;
    if (own) abandonProposal(tx, proposalId, "epoch-ended");
    else {
      forgetVote(tx, proposalId);
      emit(tx, { kind: "proposalDecided", proposalId, request, result: "failed" });
    }
    markResolved(tx, proposalId);
  }
}

function reportElection(tx: ActiveTransaction, message: string): void {
  emit(tx, { kind: "error", code: "invalid-election", operation: "stewardElection", message });
}

/**
 * Notes a rejected election; see {@link retryElection}.
 *
 * Unlike in 3.0.0, an unexpected election does not count: otherwise two of them, which any member can propose, would
 * lead to a Deadlock. Each member keeps its own count. It is the round of the lists that this member proposes, and
 * determines when this member declares a Deadlock.
 */
export function noteRejectedElection(
  tx: ActiveTransaction,
  { proposalId, proposer }: OpenVote,
  election: ElectionRequest,
): Facts {
  if (isUnexpectedElection(tx, proposalId, election, proposer)) return NO_FACTS;
  const { state, events } = tx.env.plugins.stewards.bumpRetry(tx.state.stewards.list);
  update(tx, "stewards", { list: state });
  return [{ kind: "electionRejected", isLast: events.some(({ kind }) => kind === "retryExhausted") }];
}

/** Proposes another election with the next seed after a rejected one; after the last round, a Deadlock emergency. */
export async function retryElection(tx: ActiveTransaction, isLast: boolean): Promise<void> {
  if (isLast) await proposeDeadlock(tx);
  else await proposeElection(tx, { recovery: true });
}

async function proposeDeadlock(tx: ActiveTransaction): Promise<void> {
  const { env, state } = tx;
  const block = proposalBlock(tx, "emergency");
  if (block !== undefined) return holdBack(tx, block, "deadlock");
  const proposer = env.plugins.stewards.electionProposer(state.stewards.list, eligibleStewards(tx));
  if (proposer !== env.self) return holdBack(tx, "not-the-proposer", "deadlock");
  await openDeadlock(tx);
}

/** Opens a Deadlock emergency, whether or not it is this member's turn. After it, any member may commit. */
export async function openDeadlock(tx: ActiveTransaction): Promise<void> {
  const request = deadlockRequest(tx.env.self, tx.state.group.epoch);
  await proposeAutomatically(tx, "deadlock", () => openProposal(tx, request, "yes"));
}
