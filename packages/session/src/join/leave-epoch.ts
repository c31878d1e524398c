import type { CommittedChange } from "../model/event.js";
import type { Outbox } from "../model/messages.js";
import { removalTarget, type ChangeRequest } from "../model/request.js";
import { emit, type ActiveTransaction } from "../model/transaction.js";
import { ownOpenVotes } from "../voting/open-votes.js";

/** Work of a member that stays when it leaves its epoch for another branch. */
export interface RemainingWork {
  /** Without packets that are encrypted for the epoch. */
  readonly outbox: Outbox;
  /** Whether this member has asked to leave the conversation. */
  readonly isLeaving: boolean;
  /** Requests of this member that were open. */
  readonly open: readonly ChangeRequest[];
  /** Changes that were approved in the epoch. */
  readonly dropped: readonly CommittedChange[];
}

/**
 * Ends this member's work in an epoch that it leaves without a commit of that epoch: its open votes fail, and packets that
 * nobody could open are not sent.
 */
export function leaveEpoch(tx: ActiveTransaction): RemainingWork {
  const { outbox, leave, changes } = tx.state;
  const ownVotes = ownOpenVotes(tx);
  for (const { proposalId, request } of ownVotes)
    emit(tx, { kind: "proposalDecided", proposalId, request, result: "failed" });
  for (const { sequence, sealed } of outbox.entries)
    if (sealed !== undefined) tx.effects.push({ kind: "leftOutbox", sequence, published: false });
  return {
    outbox: { ...outbox, entries: outbox.entries.filter(({ sealed }) => sealed === undefined) },
    isLeaving:
      leave.requested ||
      leave.dueAtMs !== undefined ||
      ownVotes.some(({ request }) => removalTarget(request) === tx.env.self),
    open: ownVotes.map(({ request }) => request),
    dropped: changes.approved.map(({ proposalId, request }) => ({ proposalId, request })),
  };
}
