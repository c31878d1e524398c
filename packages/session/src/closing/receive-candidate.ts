import type { StagedCommit } from "@demls/mls";
import { commitHash } from "@demls/steward";
import type { CommitCandidate } from "@demls/wire";
import { bytesToHex, memberIdFromBytes, type Packet } from "@demls/wire/core";
import { leafFlaw } from "./leaf-flaw.js";
import { bufferPacket } from "../messages/future-epoch-buffer.js";
import { approvedIds, isCommitted } from "./candidates.js";
import { holdCandidate } from "./progress.js";
import { closingRules } from "./rules-of.js";
import { accepted, ignored, rejected, type InboundOutcome } from "../model/inbound-outcome.js";
import { isOtherGroup } from "../model/group-id.js";
import { handled, type Handled } from "../model/fact.js";
import { LIMITS } from "../model/limits.js";
import type { HeldCandidate } from "../model/commit.js";
import { appendBounded } from "../model/persistent-collections.js";
import { relayWithdrawals } from "../voting/withdrawal.js";
import {
  inGroup,
  policyOf,
  update,
  updateActive,
  type ActiveTransaction,
  type LiveTransaction,
  type Transaction,
} from "../model/transaction.js";
import { candidateSlot } from "../model/packet-slots.js";
import { logPacket, hastenReports } from "../lost-packets/index.js";

/**
 * Handles a steward's commit candidate, which is sent unencrypted. One that a member has resent is remembered if this member
 * could not take it.
 *
 * @param isServed - whether another member has resent it
 */
export async function receiveCandidate(
  tx: LiveTransaction,
  candidate: CommitCandidate,
  packet: Packet,
  isServed: boolean,
): Promise<Handled> {
  const received = await handleCandidate(tx, candidate, packet);
  if (isServed && inGroup(tx)) noteServedCandidate(tx, candidate, received.outcome);
  return received;
}

/**
 *
 * Forged bytes change no score and no phase (weakness W5), because MLS authenticates the sender of the commit first.
 * The candidate of an authenticated sender is stored, and its violations are scored at the selection.
 */
async function handleCandidate(
  tx: LiveTransaction,
  candidate: CommitCandidate,
  packet: Packet,
): Promise<Handled> {
  const groupId = bytesToHex(candidate.conversationName);
  if (isOtherGroup(tx, groupId)) return handled(ignored("other-group"));
  if (candidate.mlsProposals.length > LIMITS.commitChanges) return handled(rejected("candidate-too-large"));
  const description = tx.env.plugins.mls.describe(candidate.commitMessage);
  if (description.kind !== "commit") return handled(rejected("invalid-candidate", "not-a-commit"));
  if (description.groupId !== groupId) return handled(rejected("invalid-candidate", "other-group"));
  if (!inGroup(tx)) return bufferPacket(tx, packet, "before-join", description.epoch);
  if (candidate.mlsProposals.length === 0 && !policyOf(tx).renewsKeys)
    return handled(rejected("invalid-candidate", "no-proposals"));
  const { epoch } = tx.state.group;
  const hash = commitHash(candidate.commitMessage);
  if (isCommitted(tx, hash)) return handled(ignored("committed-candidate"));
  if (description.epoch < epoch) return handled(ignored("past-epoch"));
  if (description.epoch > epoch) return bufferPacket(tx, packet, "future-epoch", description.epoch);
  if (tx.state.commit.candidates.has(bytesToHex(hash))) return handled(ignored("known-candidate"));
  return handled(await takeCandidate(tx, candidate, packet, hash));
}

/** Stages a new candidate of the current epoch, and keeps it. */
async function takeCandidate(
  tx: ActiveTransaction,
  candidate: CommitCandidate,
  packet: Packet,
  hash: Uint8Array,
): Promise<InboundOutcome> {
  const { mls } = tx.env.plugins;
  const { group } = tx.state;
  const result = await mls.stage(group, candidate.mlsProposals, candidate.commitMessage);
  if (result.outcome.kind === "rejected") {
    updateActive(tx, { group: result.group });
    return rejected("invalid-candidate", result.outcome.reason, result.outcome.sender);
  }
  const { staged } = result.outcome;
  // The name is not signed: anyone can change it on a genuine commit. So the commit's sender is not scored, and its
  // generations stay unused for the genuine packet.
  if (memberIdFromBytes(candidate.stewardIdentity) !== staged.sender) {
    discard(tx, staged);
    return rejected("invalid-candidate", "foreign-steward");
  }
  const flaw = await leafFlaw(tx, staged);
  if (flaw !== undefined) {
    discard(tx, staged);
    return rejected("invalid-candidate", flaw, staged.sender);
  }
  const rules = closingRules(tx);
  const carried = await rules.readRecord(tx, staged);
  if (carried === undefined) {
    discard(tx, staged);
    return rejected("invalid-candidate", "unreadable-record", staged.sender);
  }
  const held: HeldCandidate = {
    steward: staged.sender,
    commitHash: hash,
    proposalCount: staged.proposalSenders.length,
    own: false,
    sequence: undefined,
    staged,
    ownWork: staged.proposalSenders.every((sender) => sender === staged.sender),
    approvedThen: approvedIds(tx),
    record: carried.record,
    welcome: undefined,
  };
  const isHeld = holdCandidate(tx, held);
  // A refused one can be staged later, once a member has chosen it.
  if (isHeld || !rules.stagesRefusedAgain) updateActive(tx, { group: result.group });
  if (!isHeld) {
    discard(tx, staged);
    return ignored("lesser-candidate");
  }
  logPacket(tx, group.epoch, candidateSlot(hash), packet.payload);
  hastenReports(tx);
  relayWithdrawals(
    tx,
    staged.actions.flatMap((action) => (action.kind === "add" ? [action.reference] : [])),
  );
  if (!held.ownWork) return rejected("unauthorized-candidate", "foreign-proposals", staged.sender);
  if (rules.violationOf(tx, held) !== undefined) return { kind: "buffered", reason: "before-mandate" };
  return accepted("candidate", staged.sender);
}

/**
 * Remembers a served candidate that this member could not take. Otherwise it would ask for it in each report, because
 * others have it: one of too many, or one with generations that another candidate has spent.
 */
function noteServedCandidate(
  tx: ActiveTransaction,
  { commitMessage }: CommitCandidate,
  { kind }: InboundOutcome,
): void {
  const { refused } = tx.state.commit;
  const { id } = candidateSlot(commitHash(commitMessage));
  if ((kind === "ignored" || kind === "rejected") && !refused.includes(id))
    update(tx, "commit", { refused: appendBounded(refused, id, LIMITS.repairCandidates) });
}

/** Counts candidates that nobody can serve as refused. */
export function refuseCandidates(tx: ActiveTransaction, ids: readonly string[]): void {
  const { refused } = tx.state.commit;
  const added = ids.filter((id) => !refused.includes(id));
  update(tx, "commit", { refused: [...refused, ...added].slice(-LIMITS.repairCandidates) });
}

function discard(tx: Transaction, { next }: StagedCommit): void {
  if (next !== undefined) tx.effects.push({ kind: "discardGroup", group: next });
}
