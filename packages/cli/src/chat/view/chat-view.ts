import type { Command } from "../commands/command.js";
import type { CommandResult } from "../commands/command-result.js";
import type { Room } from "../room/room.js";
import type { ChatEvent } from "./chat-event.js";

/** A line that was read: a command, or what is wrong with it. */
export interface ChatRequest {
  readonly command: Command | undefined;
  /** What is wrong, where it is no command. */
  readonly problem: unknown;
  /** What a program calls it, to be repeated in the reply. */
  readonly id: string | number | undefined;
}

/** What a chat shows of itself, and what it is told: lines for people, or JSON for programs. */
export interface ChatView {
  /** What is asked, until the input ends. */
  readonly requests: AsyncIterable<ChatRequest>;
  /** Shows the conversation from now on; called once, before any event. */
  open(room: Room): void;
  show(event: ChatEvent): void;
  /** A request was carried out. */
  showResult(request: ChatRequest, result: CommandResult): void;
  /** A request was not. */
  showError(request: ChatRequest, error: unknown): void;
  /** Calls `listener` where the interrupt key is pressed and brings no signal. */
  onInterrupt(listener: () => void): void;
  /** Shows nothing more, and leaves the terminal as it was. Idempotent. */
  close(): void;
}
