import type { Storage, StorageRecord } from "@demls/wire/core";
import { serialKey, serialOf } from "./ordered-records.js";

/** Namespace of a user's own records. */
export const USER = "user";

/** Prefix of the keys in {@link USER} of the stored conversations. */
const CONVERSATION = "conversation";

/** Prefix of the keys in {@link USER} of the chat histories, and of their namespaces. */
export const HISTORY = "history";

/** Key in {@link USER} of the conversation with this number. */
export function conversationKey(serial: number): string {
  return serialKey(CONVERSATION, serial);
}

/**
 * Namespace of a conversation's records. It has a number instead of the name, because records of an earlier
 * conversation of that name may remain.
 */
export function conversationNamespace(serial: number): string {
  return `${CONVERSATION}/${serial}`;
}

/** Key in {@link USER} of the chat history with this number. */
export function historyKey(number: number): string {
  return serialKey(HISTORY, number);
}

/** Namespace of the messages of a chat history, apart from the conversation's, which is read whole and ends earlier. */
export function historyNamespace(number: number): string {
  return `${HISTORY}/${number}`;
}

/** Numbers of the stored conversations, oldest first. */
export async function conversationSerials(storage: Storage): Promise<readonly number[]> {
  const registered = await storage.scan(USER, { prefix: `${CONVERSATION}/` });
  return registered.map(({ key }) => serialOf(key));
}

/** The record with exactly this key. */
export async function recordAt(
  storage: Storage,
  namespace: string,
  key: string,
): Promise<StorageRecord | undefined> {
  // No key with this prefix is before the key itself.
  const [record] = await storage.scan(namespace, { prefix: key, limit: 1 });
  return record?.key === key ? record : undefined;
}
