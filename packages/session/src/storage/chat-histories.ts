import { deleteRecord, type Clock, type Storage } from "@demls/wire/core";
import type { HistorySetting, SettingOf } from "../model/history-setting.js";
import { createChatHistory, type ChatHistory, type HistoryHead } from "./chat-history.js";
import { corruptStorage } from "./corrupt-storage.js";
import { HISTORY, USER } from "./namespaces.js";
import { serialOf } from "./ordered-records.js";
import { onAbort } from "../model/on-abort.js";
import { decodeRecord } from "./plain-data.js";

/** Interval in which expired messages are deleted, besides those of a history that is read. */
const SWEEP_MS = 3_600_000;

/** Chat histories of a user. */
export interface ChatHistories {
  /** History of a group; `undefined` if its conversation keeps none. */
  of(name: string, groupId: string): ChatHistory | undefined;
  /** Histories with messages, oldest first. @throws the reason of `ending`. */
  stored(): Promise<readonly ChatHistory[]>;
}

/** Dependencies of {@link ChatHistories}. */
export interface ChatHistoriesParts {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly settingOf: SettingOf;
  /** Aborted when the user is closed. */
  readonly ending: AbortSignal;
}

interface Entry {
  readonly head: HistoryHead;
  readonly setting: HistorySetting;
  readonly history: ChatHistory;
}

/**
 * Opens the histories in a storage, and deletes what their settings do not keep: now, and every hour.
 *
 * @throws DemlsError `corrupt-storage`; any error of `settingOf`.
 */
export async function openChatHistories(parts: ChatHistoriesParts): Promise<ChatHistories> {
  const { storage, clock, settingOf, ending } = parts;
  const entries: Entry[] = [];
  let lastNumber = 0;
  let isSwept = false;

  function enter(number: number, head: HistoryHead): Entry {
    const setting = settingOf(head.name);
    const history = createChatHistory({ storage, clock, number, head, setting, ending });
    lastNumber = Math.max(lastNumber, number);
    return { head, setting, history };
  }

  function add(entry: Entry): void {
    entries.push(entry);
    if (isSwept || typeof entry.setting !== "object" || !("days" in entry.setting)) return;
    isSwept = true;
    sweepLater();
  }

  async function hasMessages({ history }: Entry): Promise<boolean> {
    return (await history.read({ limit: 1 })).length > 0;
  }

  /** A failure is left to the next sweep: reading shows no expired message. */
  function sweepLater(): void {
    const cancel = clock.wakeAt(clock.monotonicMs() + SWEEP_MS, () => {
      stopListening();
      void Promise.allSettled(entries.map(({ history }) => history.prune())).then(sweepLater);
    });
    const stopListening = onAbort(ending, cancel);
    if (ending.aborted) cancel();
  }

  for (const { key, value } of await storage.scan(USER, { prefix: `${HISTORY}/` })) {
    const entry = enter(serialOf(key), headIn(value));
    await entry.history.prune();
    if (await hasMessages(entry)) add(entry);
    else await storage.write([deleteRecord(USER, key)]);
  }

  return {
    of(name, groupId) {
      const known = entries.find(({ head }) => head.name === name && head.groupId === groupId);
      if (known !== undefined) return known.history;
      // Serial numbers begin with the time, so that those of a history that was cleared are not used again.
      const entry = enter(lastNumber + 1, { name, groupId, last: Math.floor(clock.wallMs()) });
      if (entry.setting === "none") return undefined;
      add(entry);
      return entry.history;
    },

    async stored() {
      ending.throwIfAborted();
      const found: ChatHistory[] = [];
      for (const entry of entries) if (await hasMessages(entry)) found.push(entry.history);
      return found;
    },
  };
}

function headIn(record: Uint8Array): HistoryHead {
  try {
    const { name, groupId, last } = decodeRecord(record) as HistoryHead;
    if (typeof name === "string" && typeof groupId === "string" && Number.isSafeInteger(last))
      return { name, groupId, last };
  } catch (error) {
    throw corruptStorage(error);
  }
  throw corruptStorage(undefined);
}
