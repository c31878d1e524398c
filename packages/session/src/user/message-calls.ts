import { DemlsError } from "@demls/wire/core";
import type { ChatMessage } from "../model/chat-message.js";
import { LIMITS } from "../model/limits.js";
import type { StreamStart } from "../runtime/message-stream.js";
import type { ChatHistory, HistoryPage } from "../storage/chat-history.js";

/** Part of a history for {@link Conversation.messages}. */
export interface MessagePage {
  /**
   * Position: only messages before it.
   *
   * @defaultValue no bound
   */
  readonly before?: string | undefined;
  /**
   * Position: only messages after it.
   *
   * @defaultValue no bound
   */
  readonly after?: string | undefined;
  /**
   * Maximum number of messages, 1 to 256: the first ones in the order of `order`.
   *
   * @defaultValue 50
   */
  readonly limit?: number | undefined;
  /**
   * Order of the messages. Read backwards by `before` with `"newest"`, forwards by `after` with `"oldest"`; each time pass
   * the position of the last message of the page before.
   *
   * @defaultValue `"newest"`: newest first
   */
  readonly order?: "newest" | "oldest" | undefined;
}

/** Beginning of a stream for {@link Conversation.messagesFrom}. With both fields, the later beginning counts. */
export interface MessagesStart {
  /**
   * Position: only messages after it.
   *
   * @defaultValue the first kept message
   */
  readonly after?: string | undefined;
  /**
   * Number of kept messages to begin with: the newest ones.
   *
   * @defaultValue all
   */
  readonly last?: number | undefined;
}

/** Chat that is kept of one conversation, also after its end. */
export interface ConversationHistory {
  /** Name of the conversation; several groups may have it. */
  readonly name: string;
  /** MLS group id in lower-case hex. */
  readonly groupId: string;
  /** See {@link Conversation.messages}. */
  messages(page?: MessagePage): Promise<readonly ChatMessage[]>;
  /** See {@link Conversation.deleteMessage}. */
  deleteMessage(message: Pick<ChatMessage, "position">): Promise<void>;
  /** See {@link Conversation.clearHistory}. */
  clear(): Promise<void>;
}

const DEFAULT_LIMIT = 50;

/** The calls of a history. */
export function conversationHistory(history: ChatHistory): ConversationHistory {
  return {
    name: history.name,
    groupId: history.groupId,
    messages: (page) => readMessages(history, page),
    deleteMessage: (message) => deleteMessage(history, message),
    clear: () => history.clear(),
  };
}

/** None without a history. @throws DemlsError `invalid-page`; as `ChatHistory.read`. */
export async function readMessages(
  history: ChatHistory | undefined,
  page: MessagePage = {},
): Promise<readonly ChatMessage[]> {
  const checked = checkedPage(page);
  return history === undefined ? [] : history.read(checked);
}

/** @throws DemlsError `invalid-page`; as `ChatHistory.delete`. */
export async function deleteMessage(
  history: ChatHistory | undefined,
  message: Pick<ChatMessage, "position">,
): Promise<void> {
  // A caller without types may pass anything.
  const position = (message as Partial<ChatMessage> | undefined)?.position;
  checkPosition("position", position);
  await history?.delete(position);
}

/** @throws DemlsError `invalid-page`. */
export function checkedStart({ after, last }: MessagesStart): StreamStart {
  if (after !== undefined) checkPosition("after", after);
  if (last !== undefined && !(Number.isSafeInteger(last) && last >= 0))
    throw invalidPage("last", "Pass a whole number from 0 up, or omit it.");
  return { after, last };
}

function checkedPage({ before, after, limit = DEFAULT_LIMIT, order = "newest" }: MessagePage): HistoryPage {
  if (before !== undefined) checkPosition("before", before);
  if (after !== undefined) checkPosition("after", after);
  const { calledMessages } = LIMITS;
  if (!Number.isInteger(limit) || limit < 1 || limit > calledMessages)
    throw invalidPage("limit", `Pass a whole number from 1 to ${calledMessages}, or omit it.`);
  // A caller without types may pass anything.
  if (!["newest", "oldest"].includes(order))
    throw invalidPage("order", 'Pass "newest" or "oldest", or omit it.');
  return { before, after, limit, reverse: order === "newest" };
}

function checkPosition(field: string, position: unknown): asserts position is string {
  if (typeof position !== "string" || !/^\d{16}$/.test(position))
    throw invalidPage(field, "Pass the position of a message.");
}

function invalidPage(field: string, remedy: string): DemlsError<"invalid-page"> {
  return new DemlsError("invalid-page", { message: `The value of ${field} is not valid.`, field, remedy });
}
