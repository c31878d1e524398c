import { DemlsError } from "@demls/wire/core";
import { Observable } from "rxjs";
import type { ChatMessage } from "../model/chat-message.js";
import { LIMITS } from "../model/limits.js";
import { positionOf, type ChatHistory } from "../storage/chat-history.js";

/** Beginning of a stream: after a position, or with the `last` messages; with both, the later beginning counts. */
export interface StreamStart {
  readonly after?: string | undefined;
  readonly last?: number | undefined;
}

/** Sources of a stream. */
export interface StreamSources {
  /** New messages, told once they are stored; completes with the conversation. */
  readonly live: Observable<ChatMessage>;
  /** Position of the newest message that was told, also by an earlier process. */
  newest(): string;
  /** Calls `begin` with the history of the group, at once or in the step that joins it; `undefined` without one. */
  whenInGroup(begin: (history: ChatHistory | undefined) => void): void;
}

/**
 * Kept messages, oldest first, and then new ones, without a gap or a repetition between them. Kept messages are read page
 * by page. Messages that arrive meanwhile are read from the history too, so none is buffered.
 */
export function messageStream(start: StreamStart, sources: StreamSources): Observable<ChatMessage> {
  return new Observable((observer) => {
    let source: "none" | "history" | "live" = "none";
    let isOver = false;
    /** Position up to which the observer has all messages. */
    let read = start.after ?? "";

    async function readHistory(history: ChatHistory): Promise<void> {
      if (start.last !== undefined)
        read = laterOf(read, await positionBefore(history, start.last, sources.newest()));
      while (source === "history" && !observer.closed) {
        const newest = sources.newest();
        const page = await history.read({ after: read, limit: LIMITS.historyPage });
        for (const message of page) {
          if (observer.closed) return;
          read = message.position;
          observer.next(message);
        }
        if (page.length > 0) continue;
        // A message that was told before this page and is not in it is deleted.
        read = laterOf(read, newest);
        if (newest === sources.newest()) source = "live";
      }
      if (isOver) observer.complete();
    }

    const subscription = sources.live.subscribe({
      next(message) {
        // A message may be read from the history before it is told.
        if (source === "live" && message.position > read) observer.next(message);
      },
      complete() {
        isOver = true;
        if (source !== "history") observer.complete();
      },
    });
    sources.whenInGroup((history) => {
      source = history === undefined ? "live" : "history";
      // Positions without a history are of this process alone.
      if (history === undefined) return void (read = "");
      readHistory(history).catch((error: unknown) => {
        // A stream ends with its user, also while it reads.
        if (error instanceof DemlsError && error.code === "closed") observer.complete();
        else observer.error(error);
      });
    });
    return subscription;
  });
}

/** Position of the message before the `count` last ones up to `newest`; empty if there is none. */
async function positionBefore(history: ChatHistory, count: number, newest: string): Promise<string> {
  let before = positionOf(Number(newest) + 1);
  for (let left = count; left > 0;) {
    const page = await history.read({ before, limit: Math.min(left, LIMITS.historyPage), reverse: true });
    const oldest = page.at(-1);
    if (oldest === undefined) return "";
    before = oldest.position;
    left -= page.length;
  }
  const [previous] = await history.read({ before, limit: 1, reverse: true });
  return previous?.position ?? "";
}

function laterOf(a: string, b: string): string {
  return a > b ? a : b;
}
