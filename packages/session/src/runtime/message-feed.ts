import { Subject, type Observable } from "rxjs";
import type { ChatMessage } from "../model/chat-message.js";
import type { Effect } from "../model/effect.js";
import { groupOf, type ConversationState } from "../model/state.js";
import { positionOf, type ChatHistory, type PlacedMessages } from "../storage/chat-history.js";
import { messageStream, type StreamStart } from "./message-stream.js";

/** Places the chat messages of one conversation, and tells them once they are stored. */
export class MessageFeed {
  readonly #live = new Subject<ChatMessage>();
  readonly #open: (groupId: string) => ChatHistory | undefined;
  #history: ChatHistory | undefined;
  #isInGroup = false;
  /** Streams that wait for the group, and so for its history. */
  #waiting: ((history: ChatHistory | undefined) => void)[] = [];
  /** Number of messages that were placed without a history. */
  #count = 0;
  /** Position of the newest message that was told, in this process or before. */
  #newest = "";

  /** @param open returns the history of a group; `undefined` if none is kept. */
  constructor(state: ConversationState, open: (groupId: string) => ChatHistory | undefined) {
    this.#open = open;
    this.#noteGroup(state);
  }

  /** Kept chat of the group; `undefined` without a history, and before the join. */
  get history(): ChatHistory | undefined {
    return this.#history;
  }

  /** Places the chat messages of a step, with the operations that keep them. */
  place(after: ConversationState, effects: readonly Effect[]): PlacedMessages {
    this.#noteGroup(after);
    const unplaced = effects.flatMap((effect) => (effect.kind === "chat" ? [effect.message] : []));
    if (this.#history !== undefined) return this.#history.append(unplaced);
    const messages = unplaced.map((message) => ({ ...message, position: positionOf(++this.#count) }));
    return { messages, operations: [] };
  }

  /** Tells messages that are stored. */
  tell(messages: readonly ChatMessage[]): void {
    for (const message of messages) {
      this.#newest = message.position;
      this.#live.next(message);
    }
  }

  /** Kept messages from `start` on, oldest first, and then new ones. */
  from(start: StreamStart): Observable<ChatMessage> {
    return messageStream(start, {
      live: this.#live,
      newest: () => this.#newest,
      whenInGroup: (begin) => {
        if (this.#isInGroup) begin(this.#history);
        else this.#waiting.push(begin);
      },
    });
  }

  close(): void {
    this.#waiting = [];
    this.#live.complete();
  }

  /** A conversation is of one group for all its life. */
  #noteGroup(state: ConversationState): void {
    const group = groupOf(state);
    if (this.#isInGroup || group === undefined) return;
    this.#isInGroup = true;
    this.#history = this.#open(group.groupId);
    this.#newest = this.#history?.newest ?? "";
    for (const begin of this.#waiting.splice(0)) begin(this.#history);
  }
}
