import { DemlsError, type MemberId } from "@demls/wire/core";
import type { Observable } from "rxjs";
import { conversationEnded } from "../runtime/conversation-errors.js";
import { createDeferred } from "../runtime/deferred.js";
import type { ConversationEvent } from "../model/event.js";
import type { DecisionResult } from "../model/phase.js";
import { committedForm, membershipTarget, type ChangeRequest } from "../model/request.js";

/**
 * A membership change on its way: three promises, so that nobody has to guess when it "happened".
 * A rejection that is not awaited troubles nobody.
 */
export interface MembershipCall {
  /**
   * The proposal is out; resolves to its id. Rejects with what made it impossible, with `closed` where the
   * conversation was over before the call and `conversation-ended` where it ended since, or with `abandoned`
   * where the signer declined, or the group moved on before the vote was signed.
   */
  readonly accepted: Promise<number>;
  /** The voters have decided. Rejects like `accepted`. */
  readonly decided: Promise<DecisionResult>;
  /**
   * The commit that carries it out is merged here; what needs none, such as an election, is carried out
   * as soon as it is decided. Rejects with `not-approved` too.
   */
  readonly committed: Promise<void>;
}

/** A membership proposal that the step has opened. */
export interface OpenedProposal {
  readonly proposalId: number;
  readonly request: ChangeRequest;
  /** Whether it was out before the call; otherwise `ownProposalSubmitted` says so. */
  readonly isOut?: boolean;
}

/**
 * Follows a proposal through the events.
 *
 * @param opened the events since the subscription are looked at when it resolves.
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
  let isOut = false;
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
        isOut = true;
        accepted.resolve(proposalId);
        return;
      case "proposalDecided":
        if (event.proposalId !== proposalId) return;
        if (!isOut) {
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
        // The same change may have been approved under another id first.
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
        // A pending join and the last member's leave end without a vote or a commit.
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
    if (known.isOut) {
      isOut = true;
      accepted.resolve(known.proposalId);
    }
    early.forEach(follow);
  }, fail);
  // A stream may be over before the id is known: what it told until then is looked at first.
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
    message: "The proposal was not signed, or not before the group moved on, and never went out.",
    remedy: "Propose it again.",
  });
}

function notApproved(result: DecisionResult): DemlsError<"not-approved"> {
  return new DemlsError("not-approved", {
    message: result === "no" ? "The members voted no." : "The vote ended without a decision.",
    remedy: "Propose it again later, or accept it.",
  });
}
