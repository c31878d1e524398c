import type { MemberId } from "@demls/wire/core";
import { take } from "rxjs";
import { beforeEach, describe, expect, test } from "vitest";
import { createDeferred } from "../../src/runtime/deferred.js";
import type { NumberedEvent } from "../../src/model/event.js";
import { EventFeed } from "../../src/runtime/event-feed.js";
import type { ConversationEvent } from "../../src/index.js";
import { LIMITS } from "../../src/step/index.js";

let acknowledged: number[];
let told: string[];

beforeEach(() => {
  acknowledged = [];
  told = [];
});

const event = (serial: number): NumberedEvent => ({
  serial,
  event: { kind: "error", code: "step-failed", operation: `${serial}`, message: "" },
});
const note = (given: ConversationEvent): void =>
  void told.push(given.kind === "error" ? given.operation : "?");
const keeping = (...waiting: number[]): EventFeed =>
  new EventFeed(waiting.map(event), (serial) => void acknowledged.push(serial));
const tx = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("Kept events", () => {
  test("wait for the first subscriber and are acknowledged when delivered", () => {
    const feed = keeping(1, 2);
    feed.push(event(3));
    expect(acknowledged).toEqual([]);
    feed.events$.subscribe(note);
    feed.push(event(4));
    expect(told).toEqual(["1", "2", "3", "4"]);
    expect(acknowledged).toEqual([1, 2, 3, 4]);
  });

  test("are not replayed to a second subscriber", () => {
    const feed = keeping(1);
    feed.events$.subscribe(() => undefined);
    feed.events$.subscribe(note);
    feed.push(event(2));
    expect(told).toEqual(["2"]);
  });

  test("are acknowledged when the handler is done with them, one at a time", async () => {
    const feed = keeping(1);
    const done = [createDeferred<void>(), createDeferred<void>()];
    let handed = 0;
    feed.handle((given) => {
      note(given);
      return done[handed++]?.promise;
    });
    feed.push(event(2));
    await tx();
    expect([told, acknowledged]).toEqual([["1"], []]);
    done[0]?.resolve();
    await tx();
    expect([told, acknowledged]).toEqual([["1", "2"], [1]]);
    done[1]?.resolve();
    await tx();
    expect(acknowledged).toEqual([1, 2]);
  });

  test("are acknowledged by the handler only, even if there are subscribers", async () => {
    const feed = keeping();
    feed.events$.subscribe(note);
    const never = createDeferred<void>();
    feed.handle(() => never.promise);
    feed.push(event(1));
    await tx();
    expect([told, acknowledged]).toEqual([["1"], []]);
  });

  test("stay after a handler failed, which is reported and receives no more", async () => {
    const feed = keeping(1, 2);
    feed.handle(() => Promise.reject(new Error("no room")));
    feed.events$.subscribe(note);
    await tx();
    feed.push(event(3));
    expect([told, acknowledged]).toEqual([["handleEvents", "3"], []]);
    feed.handle(note);
    await tx();
    expect(told.slice(2)).toEqual(["1", "2", "3"]);
    expect(acknowledged).toEqual([1, 2, 3]);
  });

  test("continue with a handler that replaces another", async () => {
    const feed = keeping(1);
    const slow = createDeferred<void>();
    feed.handle(() => slow.promise);
    await tx();
    feed.handle(note);
    feed.push(event(2));
    slow.reject(new Error("too late"));
    await tx();
    expect(told).toEqual(["1", "2"]);
    expect(acknowledged).toEqual([1, 2]);
  });

  test("wait for the next handler after one was removed, even if there are subscribers", async () => {
    const feed = keeping();
    feed.handle(note)();
    feed.events$.subscribe(() => undefined);
    feed.push(event(1));
    await tx();
    expect([told, acknowledged]).toEqual([[], []]);
    feed.handle(note);
    await tx();
    expect([told, acknowledged]).toEqual([["1"], [1]]);
  });

  test("are delivered to the handler that replaces a hanging one", async () => {
    const feed = keeping(1);
    feed.handle(() => new Promise(() => undefined));
    await tx();
    feed.handle(note);
    await tx();
    expect([told, acknowledged]).toEqual([["1"], [1]]);
  });

  test("wait until a subscriber has processed them", () => {
    const feed = keeping(1, 2);
    feed.events$.pipe(take(1)).subscribe(note);
    expect([told, acknowledged]).toEqual([["1"], [1]]);
    feed.events$.subscribe(note);
    expect([told, acknowledged]).toEqual([
      ["1", "2"],
      [1, 2],
    ]);
  });

  test("are delivered to the last one after the stream is complete", async () => {
    const feed = keeping(1);
    const done = createDeferred<void>();
    let isDrained = false;
    void feed.drained.then(() => (isDrained = true));
    feed.handle((given) => {
      note(given);
      return given.kind === "error" && given.operation === "1" ? done.promise : undefined;
    });
    feed.push(event(2));
    feed.complete();
    await tx();
    expect([told, isDrained]).toEqual([["1"], false]);
    done.resolve();
    await tx();
    expect([told, acknowledged, isDrained]).toEqual([["1", "2"], [1, 2], true]);
  });

  test("are not delivered once the feed is closed, and are kept", async () => {
    const feed = keeping(1);
    const done = createDeferred<void>();
    feed.handle((given) => {
      note(given);
      return done.promise;
    });
    feed.push(event(2));
    feed.close();
    done.resolve();
    await tx();
    expect(told).toEqual(["1"]);
    expect(acknowledged).not.toContain(2);
  });

  test("beyond the bound are evicted, oldest first", () => {
    const feed = keeping();
    for (let serial = 1; serial <= LIMITS.unacknowledgedEvents + 2; serial++) feed.push(event(serial));
    expect(acknowledged).toEqual([1, 2]);
  });

  test("beyond the bytes of chat are evicted, oldest first", () => {
    const feed = keeping();
    const content = new Uint8Array(LIMITS.unacknowledgedEventBytes / 2);
    const sender = "00" as MemberId;
    for (let serial = 1; serial <= 3; serial++)
      feed.push({
        serial,
        event: {
          kind: "message",
          sender,
          content,
          text: undefined,
          epoch: 1n,
          id: "1.0.0",
          claimedName: undefined,
          verified: false,
          sentAtMs: undefined,
          receivedAtMs: 0,
        },
      });
    expect(acknowledged).toEqual([1]);
  });
});

describe("Events without a store", () => {
  test("are dropped without subscribers", () => {
    const feed = new EventFeed();
    feed.push(event(1));
    feed.events$.subscribe(note);
    feed.push(event(2));
    expect(told).toEqual(["2"]);
  });

  test("wait for a busy handler", async () => {
    const feed = new EventFeed();
    feed.handle(async (given) => {
      await tx();
      note(given);
    });
    feed.push(event(1));
    feed.push(event(2));
    await tx();
    await tx();
    await tx();
    expect(told).toEqual(["1", "2"]);
  });
});
