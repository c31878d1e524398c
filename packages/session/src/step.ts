import { DemlsError } from "@demls/wire/core";
import { openAutomatically } from "./automatic-opening.js";
import { sealHeldMessages, sendChat } from "./chat.js";
import { hasRoomInCommit } from "./commit-room.js";
import { nextWakeMs, runDueWork } from "./deadlines.js";
import { forgetVotesThatAreOver } from "./displaced-votes.js";
import { keepAge, takeEarlyPackets } from "./early-packets.js";
import type { Effect } from "./effect.js";
import { regenerateStewards } from "./elections.js";
import { endConversation } from "./ending.js";
import type { Environment } from "./environment.js";
import { anchorInactivity, enterFreeze } from "./freeze.js";
import { allCandidatesIn, isValid } from "./held-candidates.js";
import { handOver, mustHandOver } from "./hand-over.js";
import { takeEarlyProposals } from "./incoming-proposal.js";
import { receivePacket } from "./inbound.js";
import type { InboundOutcome } from "./inbound-outcome.js";
import type { Command, Input } from "./input.js";
import { boundOutbox, notePublished, notePublishFailed } from "./outbox.js";
import { withoutKey } from "./persistent-collections.js";
import { abandonProposal, propose } from "./proposing.js";
import { takeLateCandidate } from "./late-candidates.js";
import { selectCandidate } from "./selection.js";
import { proposeSelfLeave } from "./self-leave.js";
import { excusedDifference } from "./reconciling.js";
import { submitBundled, submitVote } from "./signed-votes.js";
import type { ConversationState, PendingSignature } from "./state.js";
import { anchorElection } from "./standing-in.js";
import { sendSync } from "./sync.js";
import { emit, isPendingRemoval, requireGroup, update, type Turn } from "./turn.js";
import { hasFreePlace } from "./vote-places.js";
import { voteByHand } from "./voting.js";
import { announceKeyPackage } from "./welcome.js";

/** What a step came to. */
export interface StepResult {
  readonly state: ConversationState;
  readonly effects: readonly Effect[];
  /** When the conversation wants the next `tick`, in monotonic milliseconds; `undefined`: never. */
  readonly wakeAtMs: number | undefined;
  /** What became of a packet; `undefined` for other inputs. */
  readonly outcome: InboundOutcome | undefined;
  /** The id of the proposal that a `propose` command opened. */
  readonly proposalId: number | undefined;
}

/**
 * Moves a conversation by one input: everything that follows from it is in the new state and the
 * effects, and nothing has happened outside.
 *
 * @throws DemlsError where a command cannot be carried out; the state is then as before.
 */
export async function step(state: ConversationState, input: Input, env: Environment): Promise<StepResult> {
  const turn: Turn = { state, env, effects: [] };
  const { outcome, proposalId } = await take(turn, input);
  await settle(turn, state.group?.epoch);
  return { state: turn.state, effects: turn.effects, wakeAtMs: nextWakeMs(turn), outcome, proposalId };
}

interface Taken {
  readonly outcome?: InboundOutcome;
  readonly proposalId?: number | undefined;
}

async function take(turn: Turn, input: Input): Promise<Taken> {
  switch (input.kind) {
    case "packet": {
      const outcome = await receivePacket(turn, input.packet);
      turn.effects.push({ kind: "inbound", packet: input.packet, outcome });
      return { outcome };
    }
    case "command":
      return { proposalId: await obey(turn, input.command) };
    case "tick":
      await runDueWork(turn);
      return {};
    case "signed":
      await useSignature(turn, input.requestId, input.signature);
      return {};
    case "signing-failed":
      dropSignature(turn, input.requestId);
      return {};
    case "published":
      notePublished(turn, input.sequence);
      return {};
    case "publish-failed":
      notePublishFailed(turn, input.sequence);
      return {};
  }
}

async function obey(turn: Turn, command: Command): Promise<number | undefined> {
  switch (command.kind) {
    case "propose":
      return propose(turn, command.request, command.creatorVote);
    case "vote":
      voteByHand(turn, command.proposalId, command.vote);
      return undefined;
    case "send":
      await sendChat(turn, command.ticket, command.content);
      return undefined;
    case "announce-key-package":
      announceKeyPackage(turn, command.keyPackage);
      return undefined;
    case "send-sync":
      requireGroup(turn);
      await sendSync(turn);
      return undefined;
    case "regenerate-stewards":
      regenerateStewards(turn);
      return undefined;
    case "leave":
      leave(turn);
      return undefined;
  }
}

/**
 * Leaves: a pending join is given up at once, and the last member simply goes. Otherwise the leave is
 * proposed as soon as the phase allows it and somebody else can commit it, and this member stays until that commit,
 * or until it has waited for it in vain for long.
 */
function leave(turn: Turn): void {
  const { phase, group } = turn.state;
  if (phase === "ended") {
    throw new DemlsError("not-joined", {
      message: "This member has left the conversation already.",
      field: "conversation",
      remedy: "Nothing to do.",
    });
  }
  if (phase === "pending-join") endConversation(turn, "join-cancelled");
  else if (group?.members.length === 1) endConversation(turn, "left");
  else update(turn, { leaveRequested: true });
}

async function useSignature(turn: Turn, requestId: number, signature: Uint8Array): Promise<void> {
  const pending = takeSignature(turn, requestId);
  if (pending === undefined) return;
  const { vote, purpose } = pending;
  if (signature.length === 0) return reportUnsigned(turn, pending);
  // Wallets write v and s in several ways; what leaves here has one form (weakness W18).
  const signed = { ...vote, signature: turn.env.plugins.verifier.canonicalForm?.(signature) ?? signature };
  if (purpose.kind === "vote") await submitVote(turn, signed);
  else await submitBundled(turn, signed, purpose.epoch);
}

function dropSignature(turn: Turn, requestId: number): void {
  const pending = takeSignature(turn, requestId);
  if (pending !== undefined) reportUnsigned(turn, pending);
}

function takeSignature(turn: Turn, requestId: number): PendingSignature | undefined {
  const pending = turn.state.signatures.get(requestId);
  // The vote was over before the signer answered.
  if (pending === undefined) return undefined;
  update(turn, { signatures: withoutKey(turn.state.signatures, requestId) });
  return pending;
}

/** The signer declined: the vote is not cast, and a proposal that was to carry it is given up. */
function reportUnsigned(turn: Turn, { vote, purpose }: PendingSignature): void {
  const message = "The signer did not sign a vote.";
  emit(turn, { kind: "error", operation: "sign", message });
  const request = turn.state.ownProposals.get(vote.proposalId);
  if (purpose.kind === "bundled-yes" && request !== undefined)
    abandonProposal(turn, vote.proposalId, request, "unsigned");
}

/**
 * What every step ends with: whatever the new state makes possible is done at once, until nothing is.
 * Each round takes something off a finite list (a phase passed, held work sent), so it ends.
 *
 * @param epoch the group's epoch at the step's beginning.
 */
async function settle(turn: Turn, epoch: bigint | undefined): Promise<void> {
  let retriedAt = epoch;
  for (;;) {
    const before = turn.state;
    boundOutbox(turn);
    if (before.phase === "ended") return;
    forgetVotesThatAreOver(turn);
    anchorInactivity(turn);
    anchorElection(turn);
    await advancePhase(turn);
    await takeEarlyProposals(turn);
    const reached = turn.state.group?.epoch;
    if (reached !== retriedAt) {
      retriedAt = reached;
      await retryEarlyPackets(turn);
    }
    if (turn.state === before) return;
  }
}

async function advancePhase(turn: Turn): Promise<void> {
  const { phase, approved, candidates } = turn.state;
  const isAwaited = [...candidates.values()].some(
    (candidate) =>
      (approved.length > 0 && isValid(turn, candidate)) || excusedDifference(turn, candidate) !== undefined,
  );
  if (phase === "freezing") {
    if (allCandidatesIn(turn)) await selectCandidate(turn, "all-candidates-in");
  } else if (phase === "working") {
    // A candidate that does more than is approved here may mean that votes are still on their way: freezing
    // before they are in would leave this member alone with what it has.
    if (isAwaited) await enterFreeze(turn, "candidate-arrived");
    else await resumeWork(turn);
  } else if (phase === "reelection") {
    await sealHeldMessages(turn);
    if (isAwaited) await takeLateCandidate(turn);
  }
}

/** Sends what had to wait for the conversation to work again. */
async function resumeWork(turn: Turn): Promise<void> {
  await sealHeldMessages(turn);
  // A leave is decided at once, but it takes a place, and other votes that are open must not lose theirs for it.
  if (!turn.state.leaveRequested || !hasRoomInCommit(turn) || !hasFreePlace(turn)) return;
  if (mustHandOver(turn)) return handOver(turn);
  await openAutomatically(turn, "leave", () => {
    update(turn, { leaveRequested: false });
    if (!isPendingRemoval(turn.state, turn.env.self)) proposeSelfLeave(turn);
  });
}

async function retryEarlyPackets(turn: Turn): Promise<void> {
  for (const early of takeEarlyPackets(turn)) {
    const { packet } = early;
    const outcome = await receivePacket(turn, packet);
    if (outcome.kind === "buffered") keepAge(turn, early);
    turn.effects.push({ kind: "inbound", packet, outcome });
  }
}
