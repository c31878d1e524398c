import { setTimeout } from "node:timers/promises";
import type { ChatProcess, Line } from "./chat-process.js";

/** The result of `/state`. */
export interface ChatState {
  readonly phase: string;
  readonly epoch: string;
  readonly members: readonly { readonly id: string }[];
  readonly stewards: { readonly members: readonly string[] } | null;
  readonly epochSteward?: string;
  readonly epochAuthenticator: string;
  readonly openVotes: readonly unknown[];
  readonly approved: readonly unknown[];
}

/** Interval of state requests. Some changes, such as a settled vote, print no line. */
const ASK_EVERY_MS = 250;

export function stateOf(chat: ChatProcess): Promise<ChatState> {
  return chat.command<ChatState>("/state");
}

/**
 * Resolves when `chats` are idle in the same epoch with the same keys, members and stewards, and their member list is
 * `members`.
 */
export async function agreement(chats: readonly ChatProcess[], members: number): Promise<ChatState> {
  for (;;) {
    const changed = nextEvent(chats);
    const states = await Promise.all(chats.map(stateOf));
    const [first] = states;
    const standings = new Set(states.map(standing));
    if (first && standings.size === 1 && isAtRest(first) && first.members.length === members) return first;
    await Promise.race([changed, setTimeout(ASK_EVERY_MS)]);
  }
}

/** The state that agreeing members share. */
function standing({ epoch, epochAuthenticator, members, stewards, phase }: ChatState): string {
  const ids = members.map(({ id }) => id).sort();
  return JSON.stringify([phase, epoch, epochAuthenticator, ids, stewards?.members]);
}

function isAtRest({ phase, openVotes, approved }: ChatState): boolean {
  return phase === "working" && openVotes.length === 0 && approved.length === 0;
}

/** Resolves when one of the chats prints an event. */
function nextEvent(chats: readonly ChatProcess[]): Promise<void> {
  return new Promise((resolve) => {
    const onLine = (line: Line): void => {
      if (line.type === "reply") return;
      for (const stop of stops) stop();
      resolve();
    };
    const stops = chats.map((chat) => chat.onLine(onLine));
  });
}
