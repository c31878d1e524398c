import type { CancelTimer } from "@demls/wire/core";
import { DemlsError, type ChatMessage, type Clock } from "demls";
import type { Subscription } from "rxjs";
import { parseCommand, type Command } from "../../commands/command.js";
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

/** Time in ms after which a message that is not sent yet is shown as waiting. */
const WAITING_MS = 500;

/** A view for people, which prints text lines above the input line. */
export function createTextView(screen: Screen, settings: TextSettings, clock: Clock): ChatView {
  let { isVerbose } = settings;
  let room: Room | undefined;
  let states: Subscription | undefined;
  /** Messages that the beginning has shown. */
  const shownBefore = new Set<string>();
  let cancelTick: CancelTimer = () => undefined;
  /** The timers of messages that are not sent yet. */
  const unsent = new Map<ChatRequest["command"], CancelTimer>();
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

  /** Shows a message as waiting, unless it is sent soon. It is shown again once it is sent. */
  function noteTyped(command: Extract<Command, { kind: "send" }>): void {
    const show = (): void =>
      screen.print({
        style: "own",
        text: `Waits ${room === undefined ? "" : whatFor(room)}: ${command.text}`,
      });
    unsent.set(command, clock.wakeAt(clock.monotonicMs() + WAITING_MS, show));
  }

  function noteDone(command: ChatRequest["command"]): void {
    unsent.get(command)?.();
    unsent.delete(command);
  }

  const print = (lines: readonly ScreenLine[]): void => lines.forEach((line) => screen.print(line));

  return {
    requests: requestsOf(screen, noteTyped),

    open(opened) {
      room = opened;
      states = opened.conversation.state$.subscribe(prompt);
    },

    show(event) {
      if (event.kind === "history") for (const message of event.messages) shownBefore.add(keyOf(message));
      // Those of this user are shown as said.
      if (event.kind === "event" && event.event.kind === "message" && event.event.sender === room?.self)
        return;
      // Events come at least once: what a process has not shown may be in the history too.
      if (event.kind === "event" && event.event.kind === "message" && shownBefore.has(keyOf(event.event)))
        return;
      if (event.kind === "joining" && !noteJoining(event)) return;
      // A member has told the reason, which need not be among the usual ones.
      if (event.kind === "unanswered" && joining !== undefined && joining.isTold) return;
      if (room !== undefined) print(describeChatEvent(event, room, { ...settings, isVerbose }));
    },

    showResult({ command }, result) {
      noteDone(command);
      if (room === undefined) return;
      if (command?.kind === "send") return;
      if (command?.kind === "verbose") {
        isVerbose = !isVerbose;
        const text = `Elections, scores and epochs are ${isVerbose ? "shown" : "hidden"} from now on.`;
        screen.print({ style: "result", text });
      }
      print(describeResult(result, room, settings).map((text) => ({ style: "result", text })));
    },

    showError({ command }, error) {
      noteDone(command);
      if (command?.kind === "send") screen.print({ style: "warning", text: `Not sent: ${command.text}` });
      // The event of a failed storage has told it.
      const isTold = error instanceof DemlsError && (error as DemlsError).code === "storage-failed";
      if (!isTold) screen.print({ style: "warning", text: describeError(error) });
    },

    onInterrupt: (listener) => screen.onInterrupt(listener),

    close() {
      cancelTick();
      for (const cancel of unsent.values()) cancel();
      states?.unsubscribe();
      screen.close();
    },
  };
}

/** Key of a message: ids are unique for each sender. */
function keyOf({ sender, id }: Pick<ChatMessage, "sender" | "id">): string {
  return `${sender} ${id}`;
}

/** Condition that a message waits for. */
function whatFor({ conversation: { state } }: Room): string {
  if (state.phase === "pending-join") return "until you are in";
  return state.catchingUp ? "until another member answers" : "until the group has committed";
}

/** Parses the input lines, and prints the commands, since submitting erases them from the screen. */
async function* requestsOf(
  screen: Screen,
  noteTyped: (command: Extract<Command, { kind: "send" }>) => void,
): AsyncGenerator<ChatRequest> {
  for await (const line of screen.lines) {
    try {
      const command = parseCommand(line);
      if (command.kind === "nothing") continue;
      if (command.kind === "send") noteTyped(command);
      else screen.print({ style: "own", text: `> ${line.trim()}` });
      yield { command, problem: undefined, id: undefined };
    } catch (problem) {
      screen.print({ style: "own", text: `> ${line.trim()}` });
      yield { command: undefined, problem, id: undefined };
    }
  }
}
