import type { Answer } from "../commands/command-result.js";
import type { Command } from "../commands/command.js";
import type { News } from "./chat-event.js";
import type { Room } from "../room/room.js";

/** A line that was read: a command, or what is wrong with it. */
export interface Request {
  readonly command: Command | undefined;
  /** What is wrong, where it is no command. */
  readonly problem: unknown;
  /** What a program calls it, to be repeated in the reply. */
  readonly id: string | number | undefined;
}

/** What a chat shows of itself, and what it is told: lines for people, or JSON for programs. */
export interface Face {
  /** What is asked, until the input ends. */
  readonly requests: AsyncIterable<Request>;
  /** Shows the conversation from now on; called once, before any news. */
  enter(room: Room): void;
  tell(news: News): void;
  /** A request was carried out. */
  answer(request: Request, answer: Answer): void;
  /** A request was not. */
  refuse(request: Request, error: unknown): void;
  /** Calls `listener` where the interrupt key is pressed and brings no signal. */
  onInterrupt(listener: () => void): void;
  /** Shows nothing more, and leaves the terminal as it was. Idempotent. */
  close(): void;
}
