import type { CancelTimer } from "@demls/wire/core";
import type { Clock } from "demls";
import type { Subscription } from "rxjs";
import { parseCommand } from "../../commands/command.js";
import type { Room } from "../../room/room.js";
import { voteRows } from "../../room/vote-rows.js";
import type { Screen, ScreenLine } from "../../terminal/screen.js";
import type { ChatRequest, ChatView } from "../chat-view.js";
import type { JoinCommandOptions } from "../join-command.js";
import { describeChatEvent } from "./chat-event-text.js";
import { describeError } from "./error-text.js";
import { describeResult } from "./result-text.js";

const SECOND_MS = 1_000;

/** A view for people, which prints text lines above the input line. */
export function createTextView(screen: Screen, joinOptions: JoinCommandOptions, clock: Clock): ChatView {
  let room: Room | undefined;
  let states: Subscription | undefined;
  let cancelTick: CancelTimer = () => undefined;

  /** Sets the prompt, with a countdown to the next default vote. It renews the countdown every second. */
  function prompt(): void {
    cancelTick();
    if (room === undefined) return;
    const [next] = voteRows(room)
      .flatMap(({ voted, request, secondsLeft, number }) =>
        voted || secondsLeft === undefined || request.kind === "electStewards"
          ? []
          : [{ number, seconds: secondsLeft }],
      )
      .sort((a, b) => a.seconds - b.seconds);
    const asking = next === undefined ? "" : ` #${next.number}? ${next.seconds} s`;
    screen.prompt(`${room.conversation.name}${asking}> `);
    if (next !== undefined) cancelTick = clock.wakeAt(clock.monotonicMs() + SECOND_MS, prompt);
  }

  const print = (lines: readonly ScreenLine[]): void => lines.forEach((line) => screen.print(line));

  return {
    requests: requestsOf(screen),

    open(opened) {
      room = opened;
      states = opened.conversation.state$.subscribe(prompt);
    },

    show(event) {
      if (room !== undefined) print(describeChatEvent(event, room, joinOptions));
    },

    showResult({ command }, result) {
      if (room === undefined) return;
      if (command?.kind === "send") return;
      print(describeResult(result, room, joinOptions).map((text) => ({ style: "result", text })));
    },

    showError: (_request, error) => screen.print({ style: "warning", text: describeError(error) }),

    onInterrupt: (listener) => screen.onInterrupt(listener),

    close() {
      cancelTick();
      states?.unsubscribe();
      screen.close();
    },
  };
}

/** Parses the input lines, and prints each one, since submitting erases it from the screen. */
async function* requestsOf(screen: Screen): AsyncGenerator<ChatRequest> {
  for await (const line of screen.lines) {
    try {
      const command = parseCommand(line);
      if (command.kind === "nothing") continue;
      screen.print({
        style: "own",
        text: command.kind === "send" ? `you: ${command.text}` : `> ${line.trim()}`,
      });
      yield { command, problem: undefined, id: undefined };
    } catch (problem) {
      screen.print({ style: "own", text: `> ${line.trim()}` });
      yield { command: undefined, problem, id: undefined };
    }
  }
}
