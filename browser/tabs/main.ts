import { openLevelStorage } from "@demls/storage-level";
import { admitAll, createUser, type Conversation } from "demls";
import { createChannelTransport } from "./channel-transport.js";

/** A member in a tab. The tests call it from outside. */
export interface Tab {
  /**
   * Opens the member's storage and its conversation: the stored one, else a new one or a join.
   *
   * @returns `undefined`, or the code of the error.
   */
  start(name: string, how: "create" | "join" | "take over"): Promise<string | undefined>;
  send(text: string): Promise<void>;
  /** Texts of the received messages. */
  readonly texts: readonly string[];
  /** Codes of the `error` events. */
  readonly errors: readonly string[];
  readonly memberCount: number;
  readonly epoch: string;
}

declare global {
  interface Window {
    tab: Tab;
  }
}

const NAME = "garden";
const config = { votingDelayMs: 100, electionVotingDelayMs: 50, commitInactivityMs: 200, probationMs: 0 };

let conversation: Conversation | undefined;
const plugins = { admission: admitAll };
const texts: string[] = [];
const errors: string[] = [];

async function open(name: string, how: "create" | "join" | "take over"): Promise<Conversation> {
  const storage = await openLevelStorage(`storage of ${name}`, { takeOver: how === "take over" });
  const key = new Uint8Array(32);
  key.set(new TextEncoder().encode(name));
  const user = await createUser({ key, transport: createChannelTransport(), storage, plugins });
  const stored = user.conversations.get(NAME);
  if (stored !== undefined) return stored;
  return how === "create"
    ? user.createConversation(NAME, { config })
    : user.join({ name: NAME }, { config }).conversation;
}

window.tab = {
  async start(name, how) {
    try {
      const opened = await open(name, how);
      opened.events$.subscribe((event) => {
        if (event.kind === "message") texts.push(event.text ?? "");
        if (event.kind === "error" && event.code !== undefined) errors.push(event.code);
      });
      await opened.joined;
      conversation = opened;
      return undefined;
    } catch (error) {
      return String((error as { readonly code?: string }).code ?? error);
    }
  },
  async send(text) {
    await conversation?.send(text);
  },
  texts,
  errors,
  get memberCount() {
    return conversation?.state.members.length ?? 0;
  },
  get epoch() {
    return String(conversation?.state.epoch);
  },
};
