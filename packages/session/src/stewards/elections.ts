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

/** Whether an own election is being voted on. */
export function hasOwnElection(tx: ActiveTransaction): boolean {
  return ownOpenVotes(tx).some(({ request }) => request.kind === "electStewards");
}

/** How {@link proposeElection} chooses the members to elect from. */
export interface ElectionOptions {
  /** Elects although the list still has epochs to serve, and leaves out members whose removal is approved. */
  readonly recovery: boolean;
  /** Leaves out this member as well. */
  readonly exclude?: MemberId;
  /** Lets the excluded member propose, if it is this one. */
  readonly handsOver?: boolean;
}

/** Proposes the next steward list if this member is the one to propose it; otherwise does nothing. */
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

/** Puts a steward list for this epoch to the vote, whichever member's turn it is. */
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
 * Installs an elected list. 3.0.0 checks it against itself only: its voters have seen the members that it was drawn
 * from. A list that does not follow from them is reported, and installed only where 3.0.0 members install it.
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
    reportElection(tx, "A list was elected that is not in its own order; the old one stays.");
    return NO_FACTS;
  }
  if (isUnexpected && policyOf(tx).rejectsUnexpectedElections) {
    reportElection(tx, "A list was elected that does not follow from the members; the old one stays.");
    return NO_FACTS;
  }
  if (isUnexpected)
    reportElection(tx, "A list was elected that does not follow from the members; it is in force.");
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
  const installed = stewards.installList(tx.state.stewards.list, epoch, pool, size, retryRound);
  update(tx, "stewards", { list: installed.state });
  reportStewards(tx, installed.events, cause);
}

/**
 * Installs the list of the current epoch and all its members as if it had been elected, without a vote
 * (`regenerate_steward_list` in de-mls 3.0.0).
 */
export function regenerateStewards(tx: ActiveTransaction): void {
  const { epoch, members } = tx.state.group;
  const bounds = tx.env.plugins.stewards.config(tx.state.stewards.list);
  installStewards(tx, epoch, members, computeListSize(bounds, members.length), 0, "regenerated");
}

/** Emits `stewardsChanged` with the list in force, if `events` tell of a new one. */
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
 * An unexpected one does not count, although 3.0.0 counts it: two of them, which any member can propose, would
 * otherwise lead to a Deadlock. The count is each member's own. It goes into the lists that this member proposes, which
 * name their round, and decides when this member calls a Deadlock.
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

/** Proposes another election with the next seed after a rejected one, and after the last round a Deadlock emergency. */
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

/** Puts a Deadlock emergency to the vote, by which any member may commit, whichever member's turn it is. */
export async function openDeadlock(tx: ActiveTransaction): Promise<void> {
  const request = deadlockRequest(tx.env.self, tx.state.group.epoch);
  await proposeAutomatically(tx, "deadlock", () => openProposal(tx, request, "yes"));
}
