import { DemlsError } from "@demls/wire/core";
import { proposeAutomatically } from "../voting/automatic-proposal.js";
import { sealQueuedMessages, sendChat } from "../messages/chat.js";
import { hasCommitCapacity } from "../voting/commit-capacity.js";
import { nextWakeMs, runTimers } from "./timers.js";
import { pruneVotes } from "../voting/prune-votes.js";
import { keepAge, takeBufferedPackets } from "../messages/future-epoch-buffer.js";
import type { Effect } from "../model/effect.js";
import { regenerateStewards } from "../stewards/elections.js";
import { endConversation } from "../model/ending.js";
import type { Environment } from "../model/environment.js";
import { anchorInactivity, enterFreeze } from "../freeze/freeze.js";
import { allCandidatesIn, isValid } from "../freeze/candidates.js";
import { handOverStewardship, needsHandover } from "../stewards/steward-handover.js";
import { takeBufferedProposals } from "../voting/receive-proposal.js";
import { receivePacket } from "./receive-packet.js";
import type { InboundOutcome } from "../model/inbound-outcome.js";
import type { Command, Input } from "../model/input.js";
import { boundOutbox, notePublished, notePublishFailed } from "../messages/outbox.js";
import { withoutKey } from "../model/persistent-collections.js";
import { abandonProposal, propose } from "../voting/propose.js";
import { takeLateCandidate } from "../freeze/late-candidate.js";
import { selectCandidate } from "../freeze/selection.js";
import { proposeSelfLeave } from "../voting/self-leave.js";
import { excusedDifference } from "../freeze/reconcile.js";
import { submitBundled, submitVote } from "../voting/signed-vote.js";
import type { ConversationState, PendingSignature } from "../model/state.js";
import { anchorFallback } from "../stewards/fallback-proposer.js";
import { sendSync } from "../join/sync.js";
import { emit, isPendingRemoval, requireGroup, update, type Transaction } from "../model/transaction.js";
import { hasFreeSlot } from "../voting/session-slots.js";
import { voteByHand } from "../voting/cast-vote.js";
import { announceKeyPackage } from "../join/welcome.js";

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
  const tx: Transaction = { state, env, effects: [] };
  const { outcome, proposalId } = await take(tx, input);
  await settle(tx, state.group?.epoch);
  return { state: tx.state, effects: tx.effects, wakeAtMs: nextWakeMs(tx), outcome, proposalId };
}

interface Taken {
  readonly outcome?: InboundOutcome;
  readonly proposalId?: number | undefined;
}

async function take(tx: Transaction, input: Input): Promise<Taken> {
  switch (input.kind) {
    case "packet": {
      const outcome = await receivePacket(tx, input.packet);
      tx.effects.push({ kind: "inbound", packet: input.packet, outcome });
      return { outcome };
    }
    case "command":
      return { proposalId: await runCommand(tx, input.command) };
    case "tick":
      await runTimers(tx);
      return {};
    case "signed":
      await useSignature(tx, input.requestId, input.signature);
      return {};
    case "signingFailed":
      dropSignature(tx, input.requestId);
      return {};
    case "published":
      notePublished(tx, input.sequence);
      return {};
    case "publishFailed":
      notePublishFailed(tx, input.sequence);
      return {};
  }
}

async function runCommand(tx: Transaction, command: Command): Promise<number | undefined> {
  switch (command.kind) {
    case "propose":
      return propose(tx, command.request, command.creatorVote);
    case "vote":
      voteByHand(tx, command.proposalId, command.vote);
      return undefined;
    case "send":
      await sendChat(tx, command.ticket, command.content);
      return undefined;
    case "announceKeyPackage":
      announceKeyPackage(tx, command.keyPackage);
      return undefined;
    case "sendSync":
      requireGroup(tx);
      await sendSync(tx);
      return undefined;
    case "regenerateStewards":
      regenerateStewards(tx);
      return undefined;
    case "leave":
      leave(tx);
      return undefined;
  }
}

/**
 * Leaves: a pending join is given up at once, and the last member simply goes. Otherwise the leave is
 * proposed as soon as the phase allows it and somebody else can commit it, and this member stays until that commit,
 * or until it has waited for it in vain for long.
 */
function leave(tx: Transaction): void {
  const { phase, group } = tx.state;
  if (phase === "ended") {
    throw new DemlsError("not-joined", {
      message: "This member has left the conversation already.",
      field: "conversation",
      remedy: "Nothing to do.",
    });
  }
  if (phase === "pending-join") endConversation(tx, "join-cancelled");
  else if (group?.members.length === 1) endConversation(tx, "left");
  else update(tx, { leaveRequested: true });
}

async function useSignature(tx: Transaction, requestId: number, signature: Uint8Array): Promise<void> {
  const pending = takeSignature(tx, requestId);
  if (pending === undefined) return;
  const { vote, purpose } = pending;
  if (signature.length === 0) return reportUnsigned(tx, pending);
  // Wallets write v and s in several ways; what leaves here has one form (weakness W18).
  const signed = { ...vote, signature: tx.env.plugins.verifier.canonicalForm?.(signature) ?? signature };
  if (purpose.kind === "vote") await submitVote(tx, signed);
  else await submitBundled(tx, signed, purpose.epoch);
}

function dropSignature(tx: Transaction, requestId: number): void {
  const pending = takeSignature(tx, requestId);
  if (pending !== undefined) reportUnsigned(tx, pending);
}

function takeSignature(tx: Transaction, requestId: number): PendingSignature | undefined {
  const pending = tx.state.signatures.get(requestId);
  // The vote was over before the signer answered.
  if (pending === undefined) return undefined;
  update(tx, { signatures: withoutKey(tx.state.signatures, requestId) });
  return pending;
}

/** The signer declined: the vote is not cast, and a proposal that was to carry it is given up. */
function reportUnsigned(tx: Transaction, { vote, purpose }: PendingSignature): void {
  const message = "The signer did not sign a vote.";
  emit(tx, { kind: "error", code: "signing-failed", operation: "sign", message });
  const request = tx.state.ownProposals.get(vote.proposalId);
  if (purpose.kind === "bundledYes" && request !== undefined)
    abandonProposal(tx, vote.proposalId, request, "unsigned");
}

/**
 * What every step ends with: whatever the new state makes possible is done at once, until nothing is.
 * Each round takes something off a finite list (a phase passed, held work sent), so it ends.
 *
 * @param epoch the group's epoch at the step's beginning.
 */
async function settle(tx: Transaction, epoch: bigint | undefined): Promise<void> {
  let retriedAt = epoch;
  for (;;) {
    const before = tx.state;
    boundOutbox(tx);
    if (before.phase === "ended") return;
    pruneVotes(tx);
    anchorInactivity(tx);
    anchorFallback(tx);
    await advancePhase(tx);
    await takeBufferedProposals(tx);
    const reached = tx.state.group?.epoch;
    if (reached !== retriedAt) {
      retriedAt = reached;
      await retryBufferedPackets(tx);
    }
    if (tx.state === before) return;
  }
}

async function advancePhase(tx: Transaction): Promise<void> {
  const { phase, approved, candidates } = tx.state;
  const isAwaited = [...candidates.values()].some(
    (candidate) =>
      (approved.length > 0 && isValid(tx, candidate)) || excusedDifference(tx, candidate) !== undefined,
  );
  if (phase === "freezing") {
    if (allCandidatesIn(tx)) await selectCandidate(tx, "all-candidates-in");
  } else if (phase === "working") {
    // A candidate that does more than is approved here may mean that votes are still on their way: freezing
    // before they are in would leave this member alone with what it has.
    if (isAwaited) await enterFreeze(tx, "candidate-arrived");
    else await resumeWork(tx);
  } else if (phase === "reelection") {
    await sealQueuedMessages(tx);
    if (isAwaited) await takeLateCandidate(tx);
  }
}

/** Sends what had to wait for the conversation to work again. */
async function resumeWork(tx: Transaction): Promise<void> {
  await sealQueuedMessages(tx);
  // A leave is decided at once, but it takes a place, and other votes that are open must not lose theirs for it.
  if (!tx.state.leaveRequested || !hasCommitCapacity(tx) || !hasFreeSlot(tx)) return;
  if (needsHandover(tx)) return handOverStewardship(tx);
  await proposeAutomatically(tx, "leave", () => {
    update(tx, { leaveRequested: false });
    if (!isPendingRemoval(tx.state, tx.env.self)) proposeSelfLeave(tx);
  });
}

async function retryBufferedPackets(tx: Transaction): Promise<void> {
  for (const early of takeBufferedPackets(tx)) {
    const { packet } = early;
    const outcome = await receivePacket(tx, packet);
    if (outcome.kind === "buffered") keepAge(tx, early);
    tx.effects.push({ kind: "inbound", packet, outcome });
  }
}
