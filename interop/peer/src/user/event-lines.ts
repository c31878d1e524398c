import { encodeConversationUpdateRequest, type AppMessage } from "@demls/wire";
import type { Clock, ConversationEvent } from "demls";
import { requestToWire } from "demls/step";
import type { HeardMessages } from "./heard-messages.js";
import { phaseName } from "../protocol/phase-name.js";
import type { Emit, Line } from "../protocol/protocol-line.js";
import { appMessageView, requestView } from "../protocol/views.js";

/** User, conversation and dependencies of the event lines. */
export interface EventContext {
  readonly user: string;
  readonly conversationId: string;
  readonly heard: HeardMessages;
  readonly clock: Clock;
}

/** Writes the lines of one conversation's events; events without a protocol line are omitted. */
export function createEventReporter(context: EventContext, emit: Emit): (event: ConversationEvent) => void {
  // A freeze without a commit has timed out.
  let selecting = false;
  return (event) => {
    if (event.kind === "commitApplied") {
      selecting = false;
      emit(freezeLine(context, "applied"));
    } else if (event.kind === "phaseChanged") {
      if (selecting) emit(freezeLine(context, "timed_out"));
      selecting = event.phase === "selection";
    }
    for (const line of linesOf(event, context)) emit(line);
  };
}

function linesOf(event: ConversationEvent, context: EventContext): readonly Line[] {
  switch (event.kind) {
    case "joined":
    case "leaving":
      return [eventLine(context, event.kind, {})];
    case "message": {
      const { sender, content } = event;
      const heard = context.heard.take(sender, content) ?? {
        kind: "conversation_message",
        message: content,
        sender: "",
        conversationName: context.conversationId,
      };
      return [eventLine(context, "app_message", { app: appMessageView(heard), from: sender })];
    }
    case "voteRequested":
      return [
        eventLine(context, "app_message", {
          app: appMessageView(banner(event, context)),
          from: event.proposer,
        }),
      ];
    case "ownProposalSubmitted": {
      const fields = { proposal_id: event.proposalId, request: requestView(event.request) };
      return [eventLine(context, "own_proposal_submitted", fields)];
    }
    case "proposalDecided":
      return decisionLines(event, context);
    case "commitApplied": {
      const batch = event.changes.map(({ request }) => requestView(request));
      return [eventLine(context, "commit_applied", { batch })];
    }
    case "phaseChanged": {
      const state = phaseName(event.phase);
      return state === undefined ? [] : [eventLine(context, "phase_change", { state })];
    }
    case "error":
      return [eventLine(context, "error", { operation: event.operation, message: event.message })];
    case "ambiguousConversation":
    case "joinRequested":
    case "voteCast":
    case "commitCandidateReceived":
    case "reconciled":
    case "commitCandidateChosen":
    case "membersChanged":
    case "stewardsChanged":
    case "scoreChanged":
    case "epochGap":
    case "missed":
    case "delivered":
    case "notDelivered":
    case "provisional":
    case "caughtUp":
    case "rejoined":
    case "branchLost":
    case "equivocated":
    case "memberRejoined":
    case "keysRenewed":
    case "unbanned":
    case "memberConfirmed":
    case "learned":
    case "diverged":
      return [];
  }
}

/** The vote request line, in the form of a message that the member sends to itself. */
function banner(
  event: Extract<ConversationEvent, { kind: "voteRequested" }>,
  { conversationId, clock }: EventContext,
): AppMessage {
  return {
    kind: "vote_payload",
    conversationId,
    proposalId: event.proposalId,
    payload: encodeConversationUpdateRequest(requestToWire(event.request)),
    timestamp: BigInt(Math.floor(clock.wallMs() / 1_000)),
  };
}

function decisionLines(
  { proposalId, result }: Extract<ConversationEvent, { kind: "proposalDecided" }>,
  context: EventContext,
): readonly Line[] {
  const outcome =
    result === "failed"
      ? { kind: "failed", proposal_id: proposalId }
      : { kind: "reached", proposal_id: proposalId, result: result === "yes" };
  return [
    { type: "consensus", ...address(context), outcome },
    eventLine(context, "proposal_decided", { outcome }),
  ];
}

function freezeLine(context: EventContext, status: "applied" | "timed_out"): Line {
  return { type: "freeze", ...address(context), status };
}

function eventLine(context: EventContext, event: string, fields: Readonly<Record<string, unknown>>): Line {
  return { type: "event", ...address(context), event, ...fields };
}

function address({ user, conversationId }: EventContext): { user: string; conversation_id: string } {
  return { user, conversation_id: conversationId };
}
