import { DemlsError, type MemberId } from "@demls/wire/core";
import type { Observable } from "rxjs";
import { conversationEnded } from "../runtime/conversation-errors.js";
import { createDeferred } from "../runtime/deferred.js";
import type { ConversationEvent } from "../model/event.js";
import type { DecisionResult } from "../model/phase.js";
import { committedForm, membershipTarget, type ChangeRequest } from "../model/request.js";

/** Three promises for the stages of a membership change. None of them causes an unhandled rejection. */
export interface MembershipCall {
  /**
   * Resolves to the proposal id once the proposal is published. Rejects with the error that prevented it: `closed` if
   * the conversation was closed before the call, `conversation-ended` if it ended afterwards, `abandoned` if the signer
   * declined or the epoch changed before the vote was signed, or the error of the call's checks.
   */
  readonly accepted: Promise<number>;
  /** Resolves to the result of the vote. Rejects like `accepted`. */
  readonly decided: Promise<DecisionResult>;
  /**
   * Resolves when the commit is merged on this member. A change without a commit, such as an election, resolves once it
   * is decided. Rejects like `accepted`, and with `not-approved`.
   */
  readonly committed: Promise<void>;
}

/** A membership proposal that the step has opened. */
export interface OpenedProposal {
  readonly proposalId: number;
  readonly request: ChangeRequest;
  /** True if the proposal was published before the call; otherwise `ownProposalSubmitted` follows. */
  readonly isPublished?: boolean;
}

/**
 * Tracks a proposal in the event stream.
 *
 * @param opened resolves to the proposal; events since the subscription are processed then.
 */
export function trackMembershipCall(
  opened: Promise<OpenedProposal>,
  self: MemberId,
  events: Observable<ConversationEvent>,
): MembershipCall {
  const accepted = createDeferred<number>();
  const decided = createDeferred<DecisionResult>();
  const committed = createDeferred<void>();
  const fail = (error: unknown): void => {
    for (const step of [accepted, decided, committed]) step.reject(error);
    subscription.unsubscribe();
  };
  let proposal: OpenedProposal | undefined;
  let isPublished = false;
  const early: ConversationEvent[] = [];
  const follow = (event: ConversationEvent): void => {
    if (proposal === undefined) {
      early.push(event);
      return;
    }
    const { proposalId, request } = proposal;
    switch (event.kind) {
      case "ownProposalSubmitted":
        if (event.proposalId !== proposalId) return;
        isPublished = true;
        accepted.resolve(proposalId);
        return;
      case "proposalDecided":
        if (event.proposalId !== proposalId) return;
        if (!isPublished) {
          fail(abandoned());
          return;
        }
        decided.resolve(event.result);
        if (event.result !== "yes") committed.reject(notApproved(event.result));
        else if (committedForm(request) === undefined) {
          committed.resolve();
          subscription.unsubscribe();
        }
        return;
      case "reconciled":
        if (event.dropped.some((change) => change.proposalId === proposalId)) fail(notApproved("failed"));
        return;
      case "commitApplied":
        // The same change may be approved earlier under another id.
        if (
          event.changes.some(
            (change) => change.proposalId === proposalId || isSame(change.request, committedForm(request)),
          )
        ) {
          committed.resolve();
          subscription.unsubscribe();
        }
        return;
      case "leaving":
        // A pending join and the last member's leave end without a vote or commit.
        if (event.reason !== "removed" && membershipTarget(request) === self) {
          accepted.resolve(proposalId);
          decided.resolve("yes");
          committed.resolve();
        }
        fail(conversationEnded(event.reason));
        return;
      default:
    }
  };
  const caughtUp = opened.then((known) => {
    proposal = known;
    if (known.isPublished) {
      isPublished = true;
      accepted.resolve(known.proposalId);
    }
    early.forEach(follow);
  }, fail);
  // The stream may complete before the id is known, so buffered events are processed first.
  const complete = (): void => void caughtUp.then(() => fail(conversationEnded(undefined)));
  const subscription = events.subscribe({ next: follow, complete });
  return { accepted: accepted.promise, decided: decided.promise, committed: committed.promise };
}

function isSame(a: ChangeRequest, b: ChangeRequest | undefined): boolean {
  const target = membershipTarget(a);
  return target !== undefined && b !== undefined && a.kind === b.kind && target === membershipTarget(b);
}

function abandoned(): DemlsError<"abandoned"> {
  return new DemlsError("abandoned", {
    message: "The proposal was not published: its vote was not signed before the epoch changed.",
    remedy: "Propose it again.",
  });
}

function notApproved(result: DecisionResult): DemlsError<"not-approved"> {
  return new DemlsError("not-approved", {
    message: result === "no" ? "The members voted no." : "The vote ended without a decision.",
    remedy: "Propose it again later, or accept it.",
  });
}
