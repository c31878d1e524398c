import { commitHash } from "@demls/steward";
import { encodeAppMessage } from "@demls/wire";
import {
  APP_MSG_SUBTOPIC,
  DemlsError,
  memberIdFromBytes,
  memberIdToBytes,
  utf8ToBytes,
} from "@demls/wire/core";
import type { MlsChange } from "@demls/mls";
import { approvedIds, carriesOut, holdCandidate } from "./candidates.js";
import { hasOwnElection } from "../stewards/elections.js";
import { LIMITS } from "../model/limits.js";
import { withoutKey } from "../model/persistent-collections.js";
import type { PhaseReason } from "../model/traced-decision.js";
import {
  emit,
  enqueue,
  enterPhase,
  isPendingRemoval,
  policyOf,
  requireGroup,
  SENDABLE_BYTES,
  update,
  type Transaction,
} from "../model/transaction.js";

/** Begins to gather commit candidates; a steward sends its own. */
export async function enterFreeze(tx: Transaction, reason: PhaseReason): Promise<void> {
  enterPhase(tx, "freezing", reason, tx.env.nowMs);
  if (mayCommit(tx)) await sendOwnCandidate(tx);
}

/**
 * Freezes at once, without the inactivity timer, for an urgent removal or after a deadlock. A
 * steward of 3.0.0 sends no candidate then, so that such work waits for an election; ours does (W21).
 */
export async function forceFreeze(tx: Transaction, reason: "urgent-removal" | "deadlock"): Promise<void> {
  const { phase, approved } = tx.state;
  if (approved.length === 0 || (phase !== "working" && phase !== "reelection")) return;
  await enterFreeze(tx, reason);
}

/** When the inactivity timer runs out, if it runs: work is approved and no own election holds it up. */
export function freezeDueMs(tx: Transaction): number | undefined {
  const { state } = tx;
  if (state.phase !== "working" || state.approved.length === 0 || hasOwnElection(tx)) return undefined;
  if (state.phaseAnchorMs === undefined) return undefined;
  const recovering = state.recovery || tx.env.plugins.stewards.retryRound(state.stewards) > 0;
  return (
    state.phaseAnchorMs + (recovering ? state.config.recoveryInactivityMs : state.config.commitInactivityMs)
  );
}

/** Starts the inactivity timer when there is approved work to wait for, and stops it when there is none. */
export function anchorInactivity(tx: Transaction): void {
  const { phase, approved, phaseAnchorMs } = tx.state;
  if (phase !== "working") return;
  if (approved.length === 0) {
    if (phaseAnchorMs !== undefined) update(tx, { phaseAnchorMs: undefined });
  } else if (phaseAnchorMs === undefined && !hasOwnElection(tx)) {
    update(tx, { phaseAnchorMs: tx.env.nowMs });
  }
}

/** Whether this member builds a candidate: a steward, or anyone in recovery, unless it is to be removed. */
function mayCommit(tx: Transaction): boolean {
  const { env, state } = tx;
  if (isPendingRemoval(state, env.self)) return false;
  return state.recovery || env.plugins.stewards.isSteward(state.stewards, env.self);
}

async function sendOwnCandidate(tx: Transaction): Promise<void> {
  const changes = approvedChanges(tx);
  if (changes.length === 0 || keepsOwnCandidate(tx)) return;
  const { env, state } = tx;
  try {
    const { group, candidate } = await env.plugins.mls.propose(requireGroup(tx), changes);
    update(tx, { group });
    const payload = encodeAppMessage({
      kind: "commit_candidate",
      candidate: {
        conversationName: utf8ToBytes(state.name),
        mlsProposals: candidate.proposals,
        commitMessage: candidate.commit,
        stewardIdentity: memberIdToBytes(env.self),
      },
    });
    if (Math.max(payload.length, candidate.welcome?.length ?? 0) > SENDABLE_BYTES) {
      if (candidate.next !== undefined) tx.effects.push({ kind: "discardGroup", group: candidate.next });
      throw candidateTooLarge();
    }
    const sequence = enqueue(tx, payload, APP_MSG_SUBTOPIC);
    holdCandidate(tx, {
      steward: env.self,
      commitHash: commitHash(candidate.commit),
      proposalCount: candidate.proposals.length,
      own: true,
      sequence,
      staged: candidate,
      ownWork: true,
      approvedThen: approvedIds(tx),
      welcome: candidate.welcome,
    });
  } catch (error) {
    // Peers' candidates still count, so the freeze goes on without one's own.
    if (!(error instanceof DemlsError)) throw error;
    emit(tx, { kind: "error", code: "commit-candidate-failed", operation: "commit candidate", message: error.message });
  }
}

/**
 * Whether one's own candidate of a former freeze, which still waits for the network, does for this one too. Where
 * it does not it is withdrawn: members that get two keep the one with the smaller hash, which it might have.
 */
function keepsOwnCandidate(tx: Transaction): boolean {
  const { env, state } = tx;
  const own = state.candidates.get(env.self);
  if (own === undefined) return false;
  if (carriesOut(tx, own.staged)) return true;
  update(tx, {
    candidates: withoutKey(state.candidates, env.self),
    outbox: state.outbox.filter(({ sequence }) => sequence !== own.sequence),
  });
  return false;
}

/** Such a candidate reaches nobody: who held it would merge it alone. */
function candidateTooLarge(): DemlsError<"packet-too-large"> {
  return new DemlsError("packet-too-large", {
    message: `The commit or its welcome is longer than the ${SENDABLE_BYTES} bytes that members read.`,
  });
}

/**
 * What the next commit is to do: all that is approved and still changes something. Members open no more votes than a
 * batch of 3.0.0 holds, yet more can be approved: leaves that cross, and votes by hand. A part of it nobody takes.
 */
function approvedChanges(tx: Transaction): readonly MlsChange[] {
  const { approved } = tx.state;
  const urgentTarget = policyOf(tx).urgentCommitCarriesAll ? undefined : tx.state.urgentTarget;
  const members = new Set(requireGroup(tx).members);
  const changes: MlsChange[] = [];
  for (const { request } of approved) {
    if (request.kind === "remove_member") {
      const member = memberIdFromBytes(request.identity);
      if (urgentTarget !== undefined && member !== urgentTarget) continue;
      if (members.has(member)) changes.push({ kind: "remove", member });
    } else if (request.kind === "invite_member" && urgentTarget === undefined) {
      if (members.has(memberIdFromBytes(request.identity))) continue;
      changes.push({ kind: "add", keyPackage: request.keyPackageBytes });
    }
  }
  return changes.slice(0, LIMITS.commitChanges);
}
