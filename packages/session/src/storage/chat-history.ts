import {
  bytesToUtf8,
  deleteRecord,
  putRecord,
  type Clock,
  type Storage,
  type StorageOperation,
} from "@demls/wire/core";
import type { ChatMessage, UnplacedMessage } from "../model/chat-message.js";
import type { HistorySetting } from "../model/history-setting.js";
import { LIMITS } from "../model/limits.js";
import { corruptStorage } from "./corrupt-storage.js";
import { historyKey, historyNamespace, USER } from "./namespaces.js";
import { serialKey, serialOf } from "./ordered-records.js";
import { decodeRecord, encodeRecord } from "./plain-data.js";

const MESSAGE = "message";
const DAY_MS = 24 * 3_600_000;

/** Record of a history in the user's namespace. */
export interface HistoryHead {
  readonly name: string;
  readonly groupId: string;
  /** Serial number of the message that was appended last, kept when that message is deleted. */
  readonly last: number;
}

/** Part of a history: messages after and before these positions, oldest first unless `reverse`. */
export interface HistoryPage {
  readonly after?: string | undefined;
  readonly before?: string | undefined;
  readonly limit: number;
  readonly reverse?: boolean;
}

/** Messages with their places, and the operations that keep them. */
export interface PlacedMessages {
  readonly messages: readonly ChatMessage[];
  readonly operations: readonly StorageOperation[];
}

/** Chat that is kept of one group. */
export interface ChatHistory extends Readonly<Pick<HistoryHead, "name" | "groupId">> {
  /** Position of the message that was appended last, and may be deleted since. */
  readonly newest: string;
  /** Returns messages with their places. Write its operations, which also delete what `count` no longer keeps. */
  append(messages: readonly UnplacedMessage[]): PlacedMessages;
  /** @throws DemlsError `corrupt-storage`; the reason of `ending`. */
  read(page: HistoryPage): Promise<readonly ChatMessage[]>;
  /** Deletes the message at a position, if there is one. @throws the reason of `ending`. */
  delete(position: string): Promise<void>;
  /** Deletes the messages before a position, or all that were kept before the call. @throws the reason of `ending`. */
  clear(before?: string): Promise<void>;
  /** Deletes what the setting does not keep. @throws as `read`. */
  prune(): Promise<void>;
}

/** Dependencies of a {@link ChatHistory}. */
export interface ChatHistoryParts {
  readonly storage: Storage;
  readonly clock: Clock;
  /** Number of the history, a part of the keys of its records. */
  readonly number: number;
  readonly head: HistoryHead;
  readonly setting: HistorySetting;
  /** Aborted when the user is closed and no longer uses the storage. */
  readonly ending: AbortSignal;
}

/** The history of a group, whose messages are each a record, in a namespace of their own. */
export function createChatHistory(parts: ChatHistoryParts): ChatHistory {
  const { storage, clock, number, head, setting, ending } = parts;
  const { name, groupId } = head;
  const namespace = historyNamespace(number);
  const ageMs = typeof setting === "object" && "days" in setting ? setting.days * DAY_MS : undefined;
  const count = typeof setting === "object" && "count" in setting ? setting.count : undefined;
  let { last } = head;
  /** Wall-clock time before which no message expires. */
  let expiryMs = -Infinity;

  const keyOf = (position: string): string => `${MESSAGE}/${position}`;

  async function scan({ after, before, limit, reverse }: HistoryPage): Promise<readonly ChatMessage[]> {
    ending.throwIfAborted();
    const records = await storage.scan(namespace, {
      prefix: keyOf(""),
      after: after && keyOf(after),
      before: before && keyOf(before),
      ...{ limit, reverse },
    });
    return records.map(({ key, value }) => storedMessage(key, value));
  }

  async function remove(messages: readonly Pick<ChatMessage, "position">[]): Promise<void> {
    ending.throwIfAborted();
    await storage.write(messages.map(({ position }) => deleteRecord(namespace, keyOf(position))));
  }

  /** Deletes messages page by page, oldest first, as long as `isOld`. */
  async function removeOldest(
    isOld: (message: ChatMessage) => boolean,
    before?: string,
  ): Promise<ChatMessage | undefined> {
    for (;;) {
      const page = await scan({ before, limit: LIMITS.historyPage });
      const young = page.findIndex((message) => !isOld(message));
      const old = young < 0 ? page : page.slice(0, young);
      if (old.length > 0) await remove(old);
      if (young >= 0 || page.length < LIMITS.historyPage) return page[young];
    }
  }

  async function removeExpired(keptMs: number): Promise<void> {
    const nowMs = clock.wallMs();
    if (nowMs < expiryMs) return;
    const oldest = await removeOldest(({ receivedAtMs }) => receivedAtMs + keptMs <= nowMs);
    const isAhead = oldest !== undefined && oldest.receivedAtMs > nowMs;
    if (isAhead) await correctTimes(nowMs);
    expiryMs = (isAhead ? nowMs : (oldest?.receivedAtMs ?? nowMs)) + keptMs;
  }

  /** Moves times after `nowMs`, of a clock that was ahead, to `nowMs`. Otherwise nothing would expire before them. */
  async function correctTimes(nowMs: number): Promise<void> {
    for (let after: string | undefined; ;) {
      const page = await scan({ after, limit: LIMITS.historyPage });
      const ahead = page.filter(({ receivedAtMs }) => receivedAtMs > nowMs);
      await storage.write(ahead.map((message) => correctedRecord(message, nowMs)));
      after = page.at(-1)?.position;
      if (page.length < LIMITS.historyPage) return;
    }
  }

  function correctedRecord({ position, ...message }: ChatMessage, receivedAtMs: number): StorageOperation {
    return putRecord(namespace, keyOf(position), messageRecord({ ...message, receivedAtMs }));
  }

  const clear = async (before?: string): Promise<void> => void (await removeOldest(() => true, before));

  return {
    name,
    groupId,
    get newest() {
      return positionOf(last);
    },

    append(unplaced) {
      if (unplaced.length === 0) return { messages: [], operations: [] };
      const operations: StorageOperation[] = [];
      const messages = unplaced.map((message) => {
        last += 1;
        operations.push(putRecord(namespace, serialKey(MESSAGE, last), messageRecord(message)));
        // Each message displaces one, whether that was kept or deleted before.
        if (count !== undefined) operations.push(deleteRecord(namespace, serialKey(MESSAGE, last - count)));
        return { ...message, position: positionOf(last) };
      });
      operations.push(putRecord(USER, historyKey(number), encodeRecord({ name, groupId, last })));
      return { messages, operations };
    },

    async read(page) {
      if (ageMs !== undefined) await removeExpired(ageMs);
      return scan(page);
    },

    delete: (position) => remove([{ position }]),
    clear: (before = positionOf(last + 1)) => clear(before),

    async prune() {
      if (setting === "none") await clear();
      if (count !== undefined) await clear(positionOf(last - count + 1));
      if (ageMs !== undefined) await removeExpired(ageMs);
    },
  };
}

/** Place of the message with this serial number. */
export function positionOf(serial: number): string {
  return serialKey("", serial).slice(1);
}

/** The text is derived from the content when read, to save space. */
function messageRecord(message: UnplacedMessage): Uint8Array {
  return encodeRecord({ ...message, text: undefined });
}

function storedMessage(key: string, value: Uint8Array): ChatMessage {
  try {
    const stored = decodeRecord(value) as UnplacedMessage;
    const { claimedName, sentAtMs } = stored;
    const text = bytesToUtf8(stored.content);
    return { ...stored, claimedName, sentAtMs, text, position: positionOf(serialOf(key)) };
  } catch (error) {
    throw corruptStorage(error);
  }
}
