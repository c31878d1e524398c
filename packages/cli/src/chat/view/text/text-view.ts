import type { CancelTimer } from "@demls/wire/core";
import type { ChatMessage, Clock } from "demls";
import type { Subscription } from "rxjs";
import { parseCommand } from "../../commands/command.js";
import type { Room } from "../../room/room.js";
import { secondsUntil } from "../../room/seconds-until.js";
import { voteRows } from "../../room/vote-rows.js";
import type { Screen, ScreenLine } from "../../terminal/screen.js";
import type { Joining } from "../chat-event.js";
import type { ChatRequest, ChatView } from "../chat-view.js";
import { describeChatEvent } from "./chat-event-text.js";
import { describeError } from "./error-text.js";
import { describeResult } from "./result-text.js";
import type { TextSettings } from "./text-settings.js";

const SECOND_MS = 1_000;

/** A view for people, which prints text lines above the input line. */
export function createTextView(screen: Screen, settings: TextSettings, clock: Clock): ChatView {
  let { isVerbose } = settings;
  let room: Room | undefined;
  let states: Subscription | undefined;
  /** Messages that the beginning has shown. */
  const shownBefore = new Set<string>();
  let cancelTick: CancelTimer = () => undefined;
  /** How far the join is, and the end of the vote on it by the monotonic clock. */
  let joining:
    | { readonly stage: string; readonly votes: string; readonly endsAtMs: number; readonly isTold: boolean }
    | undefined;

  /** Notes how far the join is. @returns whether its stage is another one. */
  function noteJoining({ stage, tally, partner, leftMs = 0 }: Joining): boolean {
    const isNew = joining?.stage !== stage;
    const votes = tally === undefined ? "" : ` ${tally.yes} yes, ${tally.no} no of ${tally.voters}`;
    const isTold = partner !== undefined && stage !== "waiting";
    joining = { stage, votes, endsAtMs: clock.monotonicMs() + leftMs, isTold };
    prompt();
    return isNew;
  }

  /** The votes on this user and the time left, for the prompt. */
  function joiningText(): string {
    if (joining === undefined || joining.votes === "") return "";
    return `${joining.votes}, ${secondsUntil(joining.endsAtMs, clock)} s`;
  }

  /** Sets the prompt, with a countdown to the end of a vote. It renews the countdown every second. */
  function prompt(): void {
    cancelTick();
    if (room === undefined) return;
    const [next] = voteRows(room)
      .flatMap(({ voted, request, secondsLeft, number, defaultVote }) =>
        voted || defaultVote === undefined || secondsLeft === undefined || request.kind === "electStewards"
          ? []
          : [{ number, seconds: secondsLeft }],
      )
      .sort((a, b) => a.seconds - b.seconds);
    const asking = next === undefined ? joiningText() : ` #${next.number}? ${next.seconds} s`;
    screen.prompt(`${room.conversation.name}${asking}> `);
    if (asking !== "") cancelTick = clock.wakeAt(clock.monotonicMs() + SECOND_MS, prompt);
  }

  const print = (lines: readonly ScreenLine[]): void => lines.forEach((line) => screen.print(line));

  return {
    requests: requestsOf(screen, () => settings.timeOf(clock.wallMs())),

    open(opened) {
      room = opened;
      states = opened.conversation.state$.subscribe(prompt);
    },

    show(event) {
      if (event.kind === "history") for (const message of event.messages) shownBefore.add(keyOf(message));
      // Events come at least once: what a process has not shown may be in the history too.
      if (event.kind === "event" && event.event.kind === "message" && shownBefore.has(keyOf(event.event)))
        return;
      if (event.kind === "joining" && !noteJoining(event)) return;
      // A member has told the reason, which need not be among the usual ones.
      if (event.kind === "unanswered" && joining !== undefined && joining.isTold) return;
      if (room !== undefined) print(describeChatEvent(event, room, { ...settings, isVerbose }));
    },

    showResult({ command }, result) {
      if (room === undefined) return;
      if (command?.kind === "send") return;
      if (command?.kind === "verbose") {
        isVerbose = !isVerbose;
        const text = `Elections, scores and epochs are ${isVerbose ? "shown" : "hidden"} from now on.`;
        screen.print({ style: "result", text });
      }
      print(describeResult(result, room, settings).map((text) => ({ style: "result", text })));
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

/** Key of a message: ids are unique for each sender. */
function keyOf({ sender, id }: Pick<ChatMessage, "sender" | "id">): string {
  return `${sender} ${id}`;
}

/** Parses the input lines, and prints each one, since submitting erases it from the screen. */
async function* requestsOf(screen: Screen, time: () => string): AsyncGenerator<ChatRequest> {
  for await (const line of screen.lines) {
    try {
      const command = parseCommand(line);
      if (command.kind === "nothing") continue;
      screen.print({
        style: "own",
        text: command.kind === "send" ? `${time()} you: ${command.text}` : `> ${line.trim()}`,
      });
      yield { command, problem: undefined, id: undefined };
    } catch (problem) {
      screen.print({ style: "own", text: `> ${line.trim()}` });
      yield { command: undefined, problem, id: undefined };
    }
  }
}
