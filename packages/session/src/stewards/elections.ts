import { computeListSize, type StewardListEvent } from "@demls/steward";
import type { ConversationUpdateRequest } from "@demls/wire";
import { memberIdFromBytes, memberIdToBytes, type MemberId } from "@demls/wire/core";
import { proposeAutomatically } from "../voting/automatic-proposal.js";
import { promotePendingUpdates } from "../voting/pending-updates.js";
import { openProposal, proposalBlock } from "../voting/propose.js";
import { isUnexpectedElection } from "../voting/election-validity.js";
import type { HeldBackReason, StewardsCause } from "../model/traced-decision.js";
import {
  trace,
  eligibleStewards,
  emit,
  enterPhase,
  isPendingRemoval,
  policyOf,
  requireGroup,
  update,
  type Transaction,
} from "../model/transaction.js";
import { deadlockRequest, proposalKind } from "../model/request.js";

type Election = Extract<ConversationUpdateRequest, { kind: "steward_election" }>;

/** Whether an election of this member's own is being voted on. */
export function hasOwnElection(tx: Transaction): boolean {
  return [...tx.state.ownProposals.values()].some((request) => proposalKind(request) === "election");
}

/**
 * Proposes the next steward list, if this member is the one to do so; else nothing happens, so this
 * may be called wherever an election might be due.
 *
 * @param options.recovery elects although the list still has epochs to serve, leaving out members
 *   whose removal is approved.
 * @param options.exclude leaves out this member as well.
 * @param options.handsOver proposes it although the excluded member is this one.
 */
export async function proposeElection(
  tx: Transaction,
  options: { readonly recovery: boolean; readonly exclude?: MemberId; readonly handsOver?: boolean },
): Promise<void> {
  const { env, state } = tx;
  const block = proposalBlock(tx, "election");
  if (state.group === undefined || block !== undefined) return holdBack(tx, block ?? "not-joined");
  if (hasOwnElection(tx)) return holdBack(tx, "own-election-open");
  const pool = state.group.members.filter(
    (member) => member !== options.exclude && !(options.recovery && isPendingRemoval(state, member)),
  );
  const candidates = new Set(pool);
  const decision = env.plugins.stewards.proposeElection(
    state.stewards,
    state.group.epoch,
    pool,
    env.self,
    (member) => candidates.has(member) || (options.handsOver === true && member === env.self),
    options.recovery,
  );
  if (decision.kind === "skip") return holdBack(tx, decision.reason);
  await openElection(tx, decision.proposedStewards, decision.retryRound);
}

/** Puts a steward list for this epoch to the vote, whoever's turn it is to do so. */
export async function openElection(
  tx: Transaction,
  proposed: readonly MemberId[],
  retryRound: number,
): Promise<void> {
  const request: Election = {
    kind: "steward_election",
    proposedStewards: proposed.map(memberIdToBytes),
    electionEpoch: requireGroup(tx).epoch,
    retryRound,
  };
  await proposeAutomatically(tx, "steward election", () => openProposal(tx, request, "deferred"));
}

function holdBack(
  tx: Transaction,
  reason: HeldBackReason,
  operation: "steward election" | "deadlock" = "steward election",
): void {
  trace(tx, { kind: "heldBack", operation, target: undefined, reason });
}

/**
 * Installs an elected list. In 3.0.0 it is checked against itself only: whoever elected it has seen the members it
 * was drawn from. One that does not follow from them is reported, and installed only where 3.0.0 members install it.
 */
export async function applyElection(
  tx: Transaction,
  proposalId: number,
  election: Election,
  proposer: MemberId,
): Promise<void> {
  const { stewards } = tx.env.plugins;
  const isUnexpected = isUnexpectedElection(tx, proposalId, election, proposer);
  const proposed = election.proposedStewards.map(memberIdFromBytes);
  const { electionEpoch, retryRound } = election;
  if (!stewards.validateProposed(tx.state.stewards, proposed, electionEpoch, proposed, retryRound)) {
    reportElection(tx, "A list was elected that is not in its own order; the old one stays.");
    return;
  }
  if (isUnexpected && policyOf(tx).rejectsUnexpectedElections) {
    reportElection(tx, "A list was elected that does not follow from the members; the old one stays.");
    return;
  }
  if (isUnexpected)
    reportElection(tx, "A list was elected that does not follow from the members; it is in force.");
  installStewards(tx, electionEpoch, proposed, proposed.length, retryRound, "elected");
  update(tx, { recovery: false });
  if (tx.state.phase === "reelection") enterPhase(tx, "working", "stewards-elected");
  await promotePendingUpdates(tx);
}

function reportElection(tx: Transaction, message: string): void {
  emit(tx, { kind: "error", code: "invalid-election", operation: "steward election", message });
}

/** Installs a list and says so. */
export function installStewards(
  tx: Transaction,
  epoch: bigint,
  pool: readonly MemberId[],
  size: number,
  retryRound: number,
  cause: StewardsCause,
): void {
  const { stewards } = tx.env.plugins;
  const installed = stewards.installList(tx.state.stewards, epoch, pool, size, retryRound);
  update(tx, { stewards: installed.state });
  reportStewards(tx, installed.events, cause);
}

/**
 * Installs the list of the current epoch and all its members as if it had been elected, without a vote
 * (`regenerate_steward_list` in de-mls 3.0.0).
 *
 * @throws DemlsError `not-joined`.
 */
export function regenerateStewards(tx: Transaction): void {
  const { epoch, members } = requireGroup(tx);
  const bounds = tx.env.plugins.stewards.config(tx.state.stewards);
  installStewards(tx, epoch, members, computeListSize(bounds, members.length), 0, "regenerated");
}

/** Says which list is in force, where `events` tell of a new one. */
export function reportStewards(tx: Transaction, events: readonly StewardListEvent[], cause: StewardsCause): void {
  const list = tx.env.plugins.stewards.currentList(tx.state.stewards);
  if (list === undefined || !events.some(({ kind }) => kind === "list-installed")) return;
  const { members, electionEpoch, retryRound } = list;
  trace(tx, { kind: "stewardsInstalled", electionEpoch, retryRound, cause });
  emit(tx, { kind: "stewardsChanged", stewards: members, electionEpoch, retryRound });
}

/**
 * After a rejected election: another one with the next seed, and after the last a Deadlock emergency.
 *
 * One that was not to be expected does not count, though 3.0.0 counts it: else two such, which anybody can
 * propose, would lead to a Deadlock. The count is each member's own: it goes into the lists that this member
 * proposes, which say their round, and into when it calls a Deadlock.
 */
export async function retryElection(
  tx: Transaction,
  proposalId: number,
  rejected: Election,
  proposer: MemberId,
): Promise<void> {
  if (isUnexpectedElection(tx, proposalId, rejected, proposer)) return;
  const { stewards } = tx.env.plugins;
  const { state, events } = stewards.bumpRetry(tx.state.stewards);
  update(tx, { stewards: state });
  if (events.some(({ kind }) => kind === "retry-exhausted")) await proposeDeadlock(tx);
  else await proposeElection(tx, { recovery: true });
}

async function proposeDeadlock(tx: Transaction): Promise<void> {
  const { env, state } = tx;
  const block = proposalBlock(tx, "emergency");
  if (block !== undefined) return holdBack(tx, block, "deadlock");
  const proposer = env.plugins.stewards.electionProposer(state.stewards, eligibleStewards(tx));
  if (proposer !== env.self) return holdBack(tx, "not-the-proposer", "deadlock");
  await openDeadlock(tx);
}

/** Puts it to the vote whether any member may commit, whoever's turn it is to do so. */
export async function openDeadlock(tx: Transaction): Promise<void> {
  const request = deadlockRequest(tx.env.self, requireGroup(tx).epoch);
  await proposeAutomatically(tx, "deadlock", () => openProposal(tx, request, "yes"));
}
