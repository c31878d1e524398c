import type { ConversationSnapshot } from "demls";
import type { Room } from "./room/room.js";
import type { ChatSummary } from "./store/summary.js";

/** Keeps the summary of a conversation in line with its state. */
export interface SummaryKeeper {
  /** Waits for the last write. */
  close(): Promise<void>;
}

/**
 * Writes the summary of a kept conversation now and after each change of it, one write at a time.
 *
 * @param onFailed called when a write fails.
 */
export function keepSummary(
  { conversation, kept }: Pick<Room, "conversation" | "kept">,
  onFailed: (error: unknown) => void,
): SummaryKeeper {
  let written = "";
  let lastMessageMs: number | undefined;
  let writing: Promise<void> | undefined;

  /** Writes until nothing has changed meanwhile. */
  async function write(): Promise<void> {
    for (;;) {
      const summary = summaryOf(conversation.state, lastMessageMs);
      const text = JSON.stringify(summary);
      if (text === written) return;
      written = text;
      await kept?.writeSummary(summary);
    }
  }

  function update(): void {
    writing ??= write()
      .catch(onFailed)
      .finally(() => (writing = undefined));
  }

  const states = conversation.state$.subscribe(update);
  const messages = conversation.messagesFrom({ last: 1 }).subscribe({
    next({ receivedAtMs }) {
      lastMessageMs = receivedAtMs;
      update();
    },
    error: onFailed,
  });
  return {
    async close() {
      states.unsubscribe();
      messages.unsubscribe();
      // The stream may not have told the last one yet.
      const [last] = await conversation.messages({ limit: 1 }).catch(() => []);
      lastMessageMs = last?.receivedAtMs ?? lastMessageMs;
      update();
      await writing;
    },
  };
}

function summaryOf(
  { name, phase, members, mode }: ConversationSnapshot,
  lastMessageMs: number | undefined,
): ChatSummary {
  const standing = phase === "pending-join" ? "joining" : phase === "ended" ? "ended" : "member";
  return { name, standing, members: members.length, mode, lastMessageMs };
}
