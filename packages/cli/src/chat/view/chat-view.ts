import type { Command } from "../commands/command.js";
import type { CommandResult } from "../commands/command-result.js";
import type { Room } from "../room/room.js";
import type { ChatEvent } from "./chat-event.js";

/** An input line: a command, or the error of an invalid one. */
export interface ChatRequest {
  readonly command: Command | undefined;
  /** The error of an invalid line. */
  readonly problem: unknown;
  /** Id of a JSON request, repeated in the reply. */
  readonly id: string | number | undefined;
}

/** Input and output of a chat: text lines for people, or JSON lines for programs. */
export interface ChatView {
  /** Requests, until the input ends. */
  readonly requests: AsyncIterable<ChatRequest>;
  /** Sets the conversation to show. Called once, before any event. */
  open(room: Room): void;
  show(event: ChatEvent): void;
  /** Shows the result of a request. */
  showResult(request: ChatRequest, result: CommandResult): void;
  /** Shows the error of a failed request. */
  showError(request: ChatRequest, error: unknown): void;
  /** Calls `listener` when the interrupt key is pressed, if that raises no signal. */
  onInterrupt(listener: () => void): void;
  /** Ends the output and restores the terminal. Idempotent. */
  close(): void;
}
