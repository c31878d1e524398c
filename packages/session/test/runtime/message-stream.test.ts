import type { MemberId } from "@demls/wire/core";
import fc from "fast-check";
import { Subject } from "rxjs";
import { expect, test } from "vitest";
import type { ChatMessage } from "../../src/index.js";
import { messageStream } from "../../src/runtime/message-stream.js";
import { positionOf, type ChatHistory, type HistoryPage } from "../../src/storage/chat-history.js";

function messageAt(serial: number): ChatMessage {
  return {
    ...{
      id: String(serial),
      sender: "aa" as MemberId,
      isOwn: false,
      claimedName: undefined,
      verified: false,
    },
    ...{ content: new Uint8Array(), text: "", epoch: 1n, sentAtMs: undefined, receivedAtMs: 0 },
    position: positionOf(serial),
  };
}

/** A history in memory, whose readings begin and end when the scheduler lets them. */
function createHistory(kept: Set<number>, wait: () => Promise<unknown>): ChatHistory {
  const read = async ({ after = "", before, limit, reverse = false }: HistoryPage) => {
    await wait();
    const found = [...kept]
      .sort((a, b) => (reverse ? b - a : a - b))
      .map(messageAt)
      .filter(({ position }) => position > after && (before === undefined || position < before))
      .slice(0, limit);
    await wait();
    return found;
  };
  return { read } as Partial<ChatHistory> as ChatHistory;
}

test("A stream has each message once and in order, however readings and new messages interleave", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.nat({ max: 70 }),
      fc.nat({ max: 6 }),
      fc.option(fc.nat({ max: 40 }), { nil: undefined }),
      fc.array(fc.nat({ max: 75 }), { maxLength: 3 }),
      async (scheduler, before, later, last, deleted) => {
        const kept = new Set(Array.from({ length: before }, (_, i) => i + 1));
        const live = new Subject<ChatMessage>();
        let newest = positionOf(before);
        const history = createHistory(kept, () => scheduler.schedule(Promise.resolve()));
        const seen: number[] = [];
        messageStream(
          { last },
          { live, newest: () => newest, whenInGroup: (start) => start(history) },
        ).subscribe(({ id }) => seen.push(Number(id)));
        const write = async (): Promise<void> => {
          for (let serial = before + 1; serial <= before + later; serial++) {
            await scheduler.schedule(Promise.resolve());
            kept.add(serial);
            // The step is stored before its messages are told.
            await scheduler.schedule(Promise.resolve());
            newest = positionOf(serial);
            live.next(messageAt(serial));
          }
        };
        const remove = async (): Promise<void> => {
          for (const serial of deleted) {
            await scheduler.schedule(Promise.resolve());
            kept.delete(serial);
          }
        };
        await Promise.all([write(), remove(), scheduler.waitIdle()]);
        expect(seen).toEqual([...new Set(seen)].sort((a, b) => a - b));
        const first = last === undefined ? 1 : Math.max(1, before + 1 - last);
        for (let serial = first; serial <= before + later; serial++)
          if (!deleted.includes(serial)) expect(seen).toContain(serial);
        expect(seen.filter((serial) => serial <= before).length).toBeLessThanOrEqual(last ?? before);
      },
    ),
  );
});
