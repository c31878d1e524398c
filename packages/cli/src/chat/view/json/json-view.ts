import { DemlsError, type Clock } from "demls";
import { parseCommand } from "../../commands/command.js";
import type { Room } from "../../room/room.js";
import { safeJson } from "../../terminal/safe-text.js";
import type { ChatRequest, ChatView } from "../chat-view.js";
import type { JoinCommandOptions } from "../join-command.js";
import { chatEventFields } from "./chat-event-json.js";
import { errorFields } from "./error-json.js";
import { jsonValue, type Fields } from "./json-fields.js";
import { resultFields } from "./result-json.js";

/** Options of {@link createJsonView}. */
export interface JsonViewOptions {
  readonly lines: AsyncIterable<string>;
  readonly print: (line: string) => void;
  readonly joinOptions: JoinCommandOptions;
  readonly clock: Clock;
}

/**
 * A view for programs, with one JSON object per line in both directions. 64-bit integers are decimal strings, bytes are
 * hex, and absent values are omitted.
 */
export function createJsonView({ lines, print, joinOptions, clock }: JsonViewOptions): ChatView {
  let room: Room | undefined;
  let closed = false;

  function write(fields: Fields): void {
    if (!closed) print(safeJson(jsonValue(fields)));
  }

  return {
    requests: requestsOf(lines),
    open: (opened) => void (room = opened),
    show(event) {
      const fields = room && chatEventFields(event, room, joinOptions, clock);
      if (fields !== undefined) write(fields);
    },
    showResult({ id, command }, result) {
      if (room === undefined) return;
      const { kind, ...fields } = resultFields(result, room);
      const given = kind === "done" ? {} : { result: fields };
      write({ type: "reply", id, command: command?.kind, ok: true, ...given });
    },
    showError: ({ id, command }, error) =>
      write({ type: "reply", id, command: command?.kind, ok: false, ...errorFields(error) }),
    onInterrupt: () => undefined,
    close: () => void (closed = true),
  };
}

async function* requestsOf(lines: AsyncIterable<string>): AsyncGenerator<ChatRequest> {
  for await (const line of lines) {
    const request = requestOf(line);
    if (request.command?.kind !== "nothing") yield request;
  }
}

/**
 * Parses a line as in a text chat, or an object: `{"send": text}` or `{"command": "/vote 1 yes"}`, with an optional
 * `id`.
 */
function requestOf(line: string): ChatRequest {
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

function invalidLine(): DemlsError<"invalid-line"> {
  return new DemlsError("invalid-line", {
    message: "A line is a command, a message, or an object with either `command` or `send`.",
    remedy: 'Write {"command":"/who"} or {"send":"hello"}.',
  });
}
