import { computeListSize, type StewardListEvent } from "@demls/steward";
import type { MemberId } from "@demls/wire/core";
import { NO_FACTS, type Facts } from "../model/fact.js";
import { deadlockRequest, type ElectionRequest } from "../model/request.js";
import type { HeldBackReason, StewardsCause } from "../model/traced-decision.js";
import {
  eligibleStewards,
  emit,
  enterPhase,
  isPendingRemoval,
  policyOf,
  trace,
  update,
  type ActiveTransaction,
} from "../model/transaction.js";
import type { OpenVote } from "../model/votes.js";
import { proposeAutomatically } from "../voting/automatic-proposal.js";
import { isUnexpectedElection } from "../voting/election-validity.js";
import { ownOpenVotes } from "../voting/open-votes.js";
import { openProposal, proposalBlock } from "../voting/propose.js";

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
    (member) => member !== options.exclude && !(options.recovery && isPendingRemoval(state, member)),
  );
  const candidates = new Set(pool);
  const decision = env.plugins.stewards.proposeElection(
    state.stewards.list,
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
  const { list } = tx.state.stewards;
  if (!tx.env.plugins.stewards.validateProposed(list, elected, electionEpoch, elected, retryRound)) {
    reportElection(tx, "The elected steward list has an invalid order; the old list stays.");
    return NO_FACTS;
  }
  if (isUnexpected && policyOf(tx).rejectsUnexpectedElections) {
    reportElection(tx, "The elected steward list cannot be derived from the members; the old list stays.");
    return NO_FACTS;
  }
  if (isUnexpected)
    reportElection(tx, "The elected steward list cannot be derived from the members; it was installed.");
  installStewards(tx, electionEpoch, elected, elected.length, retryRound, "elected");
  update(tx, "stewards", { recovery: false });
  if (tx.state.phase === "reelection") enterPhase(tx, "working", "stewards-elected");
  return [{ kind: "stewardsElected" }];
}

function reportElection(tx: ActiveTransaction, message: string): void {
  emit(tx, { kind: "error", code: "invalid-election", operation: "stewardElection", message });
}

/** Installs a list and emits `stewardsChanged`. */
export function installStewards(
  tx: ActiveTransaction,
  epoch: bigint,
  pool: readonly MemberId[],
  size: number,
  retryRound: number,
  cause: StewardsCause,
): void {
  const { stewards } = tx.env.plugins;
  const { list, opening } = tx.state.stewards;
  const installed = stewards.installList(list, epoch, pool, size, retryRound);
  const wasInForce = stewards.currentList(list) !== undefined && !stewards.isExhausted(list, epoch);
  update(tx, "stewards", {
    list: installed.state,
    opening: opening ?? (cause === "elected" && wasInForce ? list : undefined),
  });
  reportStewards(tx, installed.events, cause);
}

/**
 * Installs the list derived from the current epoch and all members, without a vote (`regenerate_steward_list` in de-mls
 * 3.0.0).
 */
export function regenerateStewards(tx: ActiveTransaction): void {
  const { epoch, members } = tx.state.group;
  const bounds = tx.env.plugins.stewards.config(tx.state.stewards.list);
  installStewards(tx, epoch, members, computeListSize(bounds, members.length), 0, "regenerated");
}

/** Emits `stewardsChanged` with the current list, if `events` contain a new one. */
export function reportStewards(
  tx: ActiveTransaction,
  events: readonly StewardListEvent[],
  cause: StewardsCause,
): void {
  const list = tx.env.plugins.stewards.currentList(tx.state.stewards.list);
  if (list === undefined || !events.some(({ kind }) => kind === "listInstalled")) return;
  const { members, electionEpoch, retryRound } = list;
  trace(tx, { kind: "stewardsInstalled", electionEpoch, retryRound, cause });
  emit(tx, { kind: "stewardsChanged", stewards: members, electionEpoch, retryRound });
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
