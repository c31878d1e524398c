import type { CancelTimer } from "@demls/wire/core";
import { DemlsError, type Clock } from "demls";
import type { Subscription } from "rxjs";
import { voteRows } from "../../commands/command-result.js";
import { count, describeAnswer } from "./result-text.js";
import { unreachable } from "../../network/chat-transport.js";
import { parseCommand } from "../../commands/command.js";
import { describeEvent } from "./conversation-event-text.js";
import type { Face, Request } from "../chat-view.js";
import { bestAddresses, joinCommand, type Invitation } from "../join-command.js";
import type { News } from "../chat-event.js";
import type { Room } from "../../room/room.js";
import type { Screen, ScreenLine } from "../../terminal/screen.js";

const SECOND_MS = 1_000;

/** A chat for people: a line each, and above the line being typed. */
export function createTextFace(screen: Screen, invitation: Invitation, clock: Clock): Face {
  let room: Room | undefined;
  let states: Subscription | undefined;
  let cancelTick: CancelTimer = () => undefined;

  /** The prompt counts down to the vote that silence casts next; while there is one, every second. */
  function prompt(): void {
    cancelTick();
    if (room === undefined) return;
    const [next] = voteRows(room)
      .flatMap(({ voted, request, secondsLeft, number }) =>
        voted || secondsLeft === undefined || request.kind === "steward_election"
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

    enter(entered) {
      room = entered;
      states = entered.conversation.state$.subscribe(prompt);
    },

    tell(news) {
      if (room !== undefined) print(describeNews(news, room, invitation));
    },

    answer({ command }, answer) {
      if (room === undefined) return;
      if (command?.kind === "send") return;
      print(describeAnswer(answer, room, invitation).map((text) => ({ tone: "answer", text })));
    },

    refuse: (_request, error) => screen.print({ tone: "trouble", text: describeError(error) }),

    onInterrupt: (listener) => screen.onInterrupt(listener),

    close() {
      cancelTick();
      states?.unsubscribe();
      screen.close();
    },
  };
}

/** What is typed, each shown again where it would be gone with the line. */
async function* requestsOf(screen: Screen): AsyncGenerator<Request> {
  for await (const line of screen.lines) {
    try {
      const command = parseCommand(line);
      if (command.kind === "nothing") continue;
      screen.print({
        tone: "own",
        text: command.kind === "send" ? `you: ${command.text}` : `> ${line.trim()}`,
      });
      yield { command, problem: undefined, id: undefined };
    } catch (problem) {
      screen.print({ tone: "own", text: `> ${line.trim()}` });
      yield { command: undefined, problem, id: undefined };
    }
  }
}

function describeNews(news: News, room: Room, invitation: Invitation): readonly ScreenLine[] {
  switch (news.kind) {
    case "started":
      return started(news, room, invitation);
    case "connection":
      return describeConnection(news, room);
    case "asked":
      return [
        {
          tone: "news",
          text: `Asked ${count(news.subscribers, "peer")} to let you in. They vote on it, which takes a moment.`,
        },
      ];
    case "event":
      return describeEvent(news.event, room);
    case "failed":
      return [{ tone: "trouble", text: describeError(news.error) }];
    case "closing":
      return [{ tone: "news", text: "Leaving: the others are told. Ctrl-C again ends at once." }];
    case "closed":
      return [];
  }
}

function describeConnection(
  { connection, subscribers }: Extract<News, { kind: "connection" }>,
  { conversation }: Room,
): readonly ScreenLine[] {
  const peers = connection.peers.length;
  const here = `${subscribers === 0 ? "none of them" : subscribers} in ${conversation.name}`;
  const state = peers === 0 ? "Connected to nobody" : `Connected to ${count(peers, "peer")}, ${here}`;
  const waits = connection.isOnline ? (peers === 0 ? "; waiting." : ".") : ", until /online.";
  return [
    { tone: "news", text: `${state}${waits}` },
    ...unreachable(connection).map(({ address, lastError }): ScreenLine => ({
      tone: "trouble",
      text: `No answer from ${address}${lastError === undefined ? "" : ` (${lastError})`}; trying again.`,
    })),
  ];
}

function started(
  { conversation, created, member, addresses, identityFile }: Extract<News, { kind: "started" }>,
  { names }: Room,
  invitation: Invitation,
): readonly ScreenLine[] {
  const identity = identityFile === undefined ? "" : `, by ${identityFile}`;
  const commands = bestAddresses(addresses).map(
    (address) => `  ${joinCommand(invitation, conversation, address)}`,
  );
  const texts = [
    `You are ${names.nameOf(member)} (0x${member}${identity}).`,
    created
      ? `You begin ${conversation}, alone so far. Others join with`
      : `You ask to be let into ${conversation}. Once in, others join by you with`,
    ...commands,
    "/help lists what can be typed; Ctrl-C leaves.",
  ];
  return texts.map((text) => ({ tone: "news", text }));
}

/** What went wrong and what to do, as people are told. */
export function describeError(error: unknown): string {
  if (error instanceof DemlsError)
    return `${error.message}${error.remedy === undefined ? "" : ` ${error.remedy}`}`;
  return error instanceof Error ? error.message : "Something failed.";
}
