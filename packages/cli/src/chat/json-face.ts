import { bytesToHex } from "@demls/wire";
import { DemlsError, type Clock, type ConversationEvent } from "demls";
import { memberRows, secondsUntil, stewardsView, type Answer } from "./answer.js";
import { COMMAND_HELP, parseCommand } from "./commands.js";
import type { Face, Request } from "./face.js";
import { joinCommand, type Invitation } from "./invitation.js";
import type { News } from "./news.js";
import { requestFields } from "./request-text.js";
import type { Room } from "./room.js";
import { safeJson } from "./safe-text.js";

type Fields = Readonly<Record<string, unknown>>;

/** What a JSON face runs on. */
export interface JsonFaceOptions {
  readonly lines: AsyncIterable<string>;
  readonly print: (line: string) => void;
  readonly invitation: Invitation;
  readonly clock: Clock;
}

/**
 * A chat for programs: an object a line both ways. 64-bit integers are decimal strings, bytes are hex, what is absent is
 * left out.
 */
export function createJsonFace({ lines, print, invitation, clock }: JsonFaceOptions): Face {
  let room: Room | undefined;
  let closed = false;

  function write(fields: Fields): void {
    if (!closed) print(safeJson(plain(fields)));
  }

  return {
    requests: requestsOf(lines),
    enter: (entered) => void (room = entered),
    tell(news) {
      if (room !== undefined) write(newsFields(news, room, invitation, clock));
    },
    answer({ id, command }, answer) {
      const { kind, ...result } = answerFields(answer);
      write({ type: "reply", id, command: command?.kind, ok: true, ...(kind === "done" ? {} : { result }) });
    },
    refuse: ({ id, command }, error) =>
      write({ type: "reply", id, command: command?.kind, ok: false, ...errorFields(error) }),
    onInterrupt: () => undefined,
    close: () => void (closed = true),
  };
}

async function* requestsOf(lines: AsyncIterable<string>): AsyncGenerator<Request> {
  for await (const line of lines) {
    const request = requestOf(line);
    if (request.command?.kind !== "nothing") yield request;
  }
}

/** `{"send": text}` or `{"command": "/vote 1 yes"}`, with an `id` that the reply repeats; or what a person would type. */
function requestOf(line: string): Request {
  const fields = line.trimStart().startsWith("{") ? parseObject(line) : { command: line };
  const { id: given, send, command } = fields ?? {};
  const id = typeof given === "string" || typeof given === "number" ? given : undefined;
  try {
    if (typeof send === "string" && command === undefined) {
      return { id, command: { kind: "send", text: send }, problem: undefined };
    }
    if (typeof command !== "string" || send !== undefined) throw invalidLine();
    return { id, command: parseCommand(command), problem: undefined };
  } catch (problem) {
    return { id, command: undefined, problem };
  }
}

function parseObject(line: string): Fields | undefined {
  try {
    return JSON.parse(line) as Fields;
  } catch {
    return undefined;
  }
}

function newsFields(news: News, room: Room, invitation: Invitation, clock: Clock): Fields {
  switch (news.kind) {
    case "started": {
      const { kind, addresses, ...fields } = news;
      const join = addresses.map((address) => joinCommand(invitation, news.conversation, address));
      return { type: kind, ...fields, addresses, join };
    }
    case "connection":
      return { type: news.kind, ...news.connection, subscribers: news.subscribers };
    case "event":
      return eventFields(news.event, room, clock);
    case "failed":
      return { type: "error", operation: "chat", ...errorFields(news.error) };
    case "asked":
      return { type: news.kind, subscribers: news.subscribers };
    case "closing":
      return { type: news.kind };
    case "closed":
      return { type: news.kind, status: news.status };
  }
}

function eventFields(event: ConversationEvent, room: Room, clock: Clock): Fields {
  const { kind: type, ...fields } = event;
  const { votes, conversation } = room;
  switch (event.kind) {
    case "message": {
      const { sender, epoch, text, content } = event;
      const name = room.names.nameOf(sender);
      return { type, sender, name, epoch, ...(text === undefined ? { contentHex: content } : { text }) };
    }
    case "voteRequested": {
      const { proposalId, proposer, request, defaultVote, deadlineWallMs, deadlineMonotonicMs } = event;
      return {
        type,
        proposalId,
        number: votes.numberOf(proposalId),
        proposer,
        request: requestFields(request),
        defaultVote,
        deadline: new Date(deadlineWallMs).toISOString(),
        seconds: secondsUntil(deadlineMonotonicMs, clock),
      };
    }
    case "voteCast":
      return { type, ...fields, number: votes.numberOf(event.proposalId) };
    case "ownProposalSubmitted":
    case "proposalDecided":
      return {
        type,
        ...fields,
        number: votes.numberOf(event.proposalId),
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
    case "membersChanged":
      return {
        type,
        added: event.added,
        removed: event.removed,
        members: memberRows(room),
        epoch: conversation.state.epoch,
      };
    case "stewardsChanged":
      return { type, ...fields, epochSteward: stewardsView(room).epochSteward };
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

function answerFields(answer: Answer): Fields & { readonly kind: Answer["kind"] } {
  switch (answer.kind) {
    case "votes":
      return {
        kind: answer.kind,
        votes: answer.votes.map(({ request, ...vote }) => ({ ...vote, request: requestFields(request) })),
      };
    case "state": {
      const { kind, inspection, epochSteward, epochAuthenticator } = answer;
      return { kind, ...inspection, epochSteward, epochAuthenticator };
    }
    case "help":
      return { kind: answer.kind, commands: COMMAND_HELP };
    default:
      return answer as Fields & Answer;
  }
}

function errorFields(error: unknown): Fields {
  if (error instanceof DemlsError)
    return { code: (error as DemlsError).code, message: error.message, remedy: error.remedy };
  return { code: "unexpected", message: error instanceof Error ? error.message : "Something failed." };
}

/** As JSON has it. */
function plain(value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Uint8Array) return bytesToHex(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, plain(field)]));
}

function invalidLine(): DemlsError<"invalid-line"> {
  return new DemlsError("invalid-line", {
    message: "A line is a command, a message, or an object with either `command` or `send`.",
    remedy: 'Write {"command":"/who"} or {"send":"hello"}.',
  });
}
