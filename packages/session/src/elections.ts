import { computeListSize, type StewardListEvent } from "@demls/steward";
import type { ConversationUpdateRequest } from "@demls/wire";
import { memberIdFromBytes, memberIdToBytes, type MemberId } from "@demls/wire/core";
import { openAutomatically } from "./automatic-opening.js";
import { promotePendingUpdates } from "./pending-updates.js";
import { openProposal, proposalBlock } from "./proposing.js";
import { isRogueElection } from "./rogue-elections.js";
import type { HeldBackReason, StewardsCause } from "./traced-decision.js";
import {
  decide,
  eligibleStewards,
  emit,
  enterPhase,
  isPendingRemoval,
  policyOf,
  requireGroup,
  update,
  type Turn,
} from "./turn.js";
import { deadlockRequest, proposalKind } from "./update-request.js";

type Election = Extract<ConversationUpdateRequest, { kind: "steward_election" }>;

/** Whether an election of this member's own is being voted on. */
export function hasOwnElection(turn: Turn): boolean {
  return [...turn.state.ownProposals.values()].some((request) => proposalKind(request) === "election");
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
  turn: Turn,
  options: { readonly recovery: boolean; readonly exclude?: MemberId; readonly handsOver?: boolean },
): Promise<void> {
  const { env, state } = turn;
  const block = proposalBlock(turn, "election");
  if (state.group === undefined || block !== undefined) return holdBack(turn, block ?? "not-joined");
  if (hasOwnElection(turn)) return holdBack(turn, "own-election-open");
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
  if (decision.kind === "skip") return holdBack(turn, decision.reason);
  await openElection(turn, decision.proposedStewards, decision.retryRound);
}

/** Puts a steward list for this epoch to the vote, whoever's turn it is to do so. */
export async function openElection(
  turn: Turn,
  proposed: readonly MemberId[],
  retryRound: number,
): Promise<void> {
  const request: Election = {
    kind: "steward_election",
    proposedStewards: proposed.map(memberIdToBytes),
    electionEpoch: requireGroup(turn).epoch,
    retryRound,
  };
  await openAutomatically(turn, "steward election", () => openProposal(turn, request, "deferred"));
}

function holdBack(
  turn: Turn,
  reason: HeldBackReason,
  operation: "steward election" | "deadlock" = "steward election",
): void {
  decide(turn, { kind: "held-back", operation, target: undefined, reason });
}

/**
 * Installs an elected list. In 3.0.0 it is checked against itself only: whoever elected it has seen the members it
 * was drawn from. One that does not follow from them is reported, and installed only where 3.0.0 members install it.
 */
export async function applyElection(
  turn: Turn,
  proposalId: number,
  election: Election,
  proposer: MemberId,
): Promise<void> {
  const { stewards } = turn.env.plugins;
  const isRogue = isRogueElection(turn, proposalId, election, proposer);
  const proposed = election.proposedStewards.map(memberIdFromBytes);
  const { electionEpoch, retryRound } = election;
  if (!stewards.validateProposed(turn.state.stewards, proposed, electionEpoch, proposed, retryRound)) {
    reportElection(turn, "A list was elected that is not in its own order; the old one stays.");
    return;
  }
  if (isRogue && policyOf(turn).refusesRogueElections) {
    reportElection(turn, "A list was elected that does not follow from the members; the old one stays.");
    return;
  }
  if (isRogue)
    reportElection(turn, "A list was elected that does not follow from the members; it is in force.");
  installStewards(turn, electionEpoch, proposed, proposed.length, retryRound, "elected");
  update(turn, { recovery: false });
  if (turn.state.phase === "reelection") enterPhase(turn, "working", "stewards-elected");
  await promotePendingUpdates(turn);
}

function reportElection(turn: Turn, message: string): void {
  emit(turn, { kind: "error", operation: "steward election", message });
}

/** Installs a list and says so. */
export function installStewards(
  turn: Turn,
  epoch: bigint,
  pool: readonly MemberId[],
  size: number,
  retryRound: number,
  cause: StewardsCause,
): void {
  const { stewards } = turn.env.plugins;
  const installed = stewards.installList(turn.state.stewards, epoch, pool, size, retryRound);
  update(turn, { stewards: installed.state });
  reportStewards(turn, installed.events, cause);
}

/**
 * Installs the list of the current epoch and all its members as if it had been elected, without a vote
 * (`regenerate_steward_list` in de-mls 3.0.0).
 *
 * @throws DemlsError `not-joined`.
 */
export function regenerateStewards(turn: Turn): void {
  const { epoch, members } = requireGroup(turn);
  const bounds = turn.env.plugins.stewards.config(turn.state.stewards);
  installStewards(turn, epoch, members, computeListSize(bounds, members.length), 0, "regenerated");
}

/** Says which list is in force, where `events` tell of a new one. */
export function reportStewards(turn: Turn, events: readonly StewardListEvent[], cause: StewardsCause): void {
  const list = turn.env.plugins.stewards.currentList(turn.state.stewards);
  if (list === undefined || !events.some(({ kind }) => kind === "list-installed")) return;
  const { members, electionEpoch, retryRound } = list;
  decide(turn, { kind: "stewards-installed", electionEpoch, retryRound, cause });
  emit(turn, { kind: "stewardsChanged", stewards: members, electionEpoch, retryRound });
}

/**
 * After a rejected election: another one with the next seed, and after the last a Deadlock emergency.
 *
 * One that was not to be expected does not count, though 3.0.0 counts it: else two such, which anybody can
 * propose, would lead to a Deadlock. The count is each member's own: it goes into the lists that this member
 * proposes, which say their round, and into when it calls a Deadlock.
 */
export async function retryElection(
  turn: Turn,
  proposalId: number,
  rejected: Election,
  proposer: MemberId,
): Promise<void> {
  if (isRogueElection(turn, proposalId, rejected, proposer)) return;
  const { stewards } = turn.env.plugins;
  const { state, events } = stewards.bumpRetry(turn.state.stewards);
  update(turn, { stewards: state });
  if (events.some(({ kind }) => kind === "retry-exhausted")) await proposeDeadlock(turn);
  else await proposeElection(turn, { recovery: true });
}

async function proposeDeadlock(turn: Turn): Promise<void> {
  const { env, state } = turn;
  const block = proposalBlock(turn, "emergency");
  if (block !== undefined) return holdBack(turn, block, "deadlock");
  const proposer = env.plugins.stewards.electionProposer(state.stewards, eligibleStewards(turn));
  if (proposer !== env.self) return holdBack(turn, "not-the-proposer", "deadlock");
  await openDeadlock(turn);
}

/** Puts it to the vote whether any member may commit, whoever's turn it is to do so. */
export async function openDeadlock(turn: Turn): Promise<void> {
  const request = deadlockRequest(turn.env.self, requireGroup(turn).epoch);
  await openAutomatically(turn, "deadlock", () => openProposal(turn, request, "yes"));
}
