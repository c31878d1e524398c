import type { Clock, ConversationEvent } from "demls";
import { memberRows } from "../../room/member-rows.js";
import type { Room } from "../../room/room.js";
import { secondsUntil } from "../../room/seconds-until.js";
import { stewardOverview } from "../../room/steward-overview.js";
import { voteNumber } from "../../room/vote-numbers.js";
import type { ChatEvent } from "../chat-event.js";
import { joinCommand, type JoinCommandOptions } from "../join-command.js";
import { errorFields } from "./error-json.js";
import type { Fields } from "./json-fields.js";
import { messageFields } from "./message-json.js";
import { requestFields } from "./request-json.js";

/** The JSON fields of an event, with its kind as `type`; `undefined` for an event that is not for programs. */
export function chatEventFields(
  event: ChatEvent,
  room: Room,
  joinOptions: JoinCommandOptions,
  clock: Clock,
): Fields | undefined {
  switch (event.kind) {
    case "started": {
      const { kind, addresses, neighbour, kept, ...fields } = event;
      const join = addresses.map((address) =>
        joinCommand(joinOptions, event.conversation, address, neighbour),
      );
      return {
        type: kind,
        ...fields,
        addresses,
        join,
        unconfirmed: room.conversation.state.unconfirmed,
        ...kept,
      };
    }
    // Programs have their own history, or ask for it by a command; and a reply for each message that they send.
    case "history":
    case "said":
      return undefined;
    case "connection":
      return { type: event.kind, ...event.connection, subscribers: event.subscribers };
    case "event":
      return conversationEventFields(event.event, room, clock);
    case "failed":
      return { type: "error", operation: "chat", ...errorFields(event.error) };
    case "asked":
      return { type: event.kind, subscribers: event.subscribers };
    case "joining": {
      const { kind: type, ...progress } = event;
      return { type, ...progress };
    }
    case "ignored":
      return { type: event.kind, options: event.options };
    case "waiting":
      return { type: event.kind, messages: event.messages };
    case "unanswered":
    case "removedBefore":
      return { type: event.kind };
    case "closing":
      return { type: event.kind, leaves: event.leaves };
    case "closed":
      return { type: event.kind, status: event.status };
  }
}

function conversationEventFields(event: ConversationEvent, room: Room, clock: Clock): Fields {
  const { kind: type, ...fields } = event;
  const { conversation } = room;
  switch (event.kind) {
    case "message":
      return { type, ...messageFields(event, room) };
    case "voteRequested": {
      const { proposalId, proposer, request, defaultVote, deadlineWallMs, deadlineMonotonicMs, claimedName } =
        event;
      return {
        type,
        proposalId,
        number: voteNumber(proposalId),
        proposer,
        request: requestFields(request),
        claimedName,
        defaultVote,
        deadline: new Date(deadlineWallMs).toISOString(),
        seconds: secondsUntil(deadlineMonotonicMs, clock),
      };
    }
    case "voteCast":
      return { type, ...fields, number: voteNumber(event.proposalId) };
    case "ownProposalSubmitted":
    case "proposalDecided":
      return {
        type,
        ...fields,
        number: voteNumber(event.proposalId),
        request: requestFields(event.request),
      };
    case "reconciled":
      return {
        type,
        committer: event.committer,
        added: changes(event.added),
        dropped: changes(event.dropped),
      };
    case "commitApplied":
      return { type, ...fields, changes: changes(event.changes) };
    case "leaving":
      return event.reason === "join-expired"
        ? { type, ...fields, obstacle: room.joinProgress.obstacle }
        : { type, ...fields };
    case "membersChanged":
      return {
        type,
        added: event.added,
        removed: event.removed,
        letIn: event.letIn,
        members: memberRows(room),
        epoch: conversation.state.epoch,
      };
    case "joined":
      return { type, ...fields, unconfirmed: conversation.state.unconfirmed };
    case "stewardsChanged":
      return { type, ...fields, epochSteward: stewardOverview(room).epochSteward };
    case "phaseChanged":
      return { type, ...fields, epoch: conversation.state.epoch };
    default:
      return { type, ...fields };
  }
}

function changes(
  committed: Extract<ConversationEvent, { kind: "commitApplied" }>["changes"],
): readonly Fields[] {
  return committed.map(({ proposalId, request }) => ({ proposalId, request: requestFields(request) }));
}
