import type { Storage } from "@demls/wire/core";
import { serialKey, serialOf } from "./ordered-records.js";

/** Namespace of a user's own records. */
export const USER = "user";

/** Prefix of the keys in {@link USER} that say which conversations there are. */
const CONVERSATION = "conversation";

/** Key in {@link USER} that says that there is a conversation of this number. */
export function conversationKey(serial: number): string {
  return serialKey(CONVERSATION, serial);
}

/**
 * Namespace of a conversation's records: by number, not by name, since records of an earlier conversation of that name
 * may be left over.
 */
export function conversationNamespace(serial: number): string {
  return `${CONVERSATION}/${serial}`;
}

/** Numbers of the conversations that a storage keeps, the oldest first. */
export async function conversationSerials(storage: Storage): Promise<readonly number[]> {
  const registered = await storage.scan(USER, `${CONVERSATION}/`);
  return registered.map(({ key }) => serialOf(key));
}
