import { expect, test } from "vitest";
import { createDeferred } from "../../src/runtime/deferred.js";
import { createSerialQueue } from "../../src/runtime/serial-queue.js";

test("A task starts after the previous one has ended", async () => {
  const queue = createSerialQueue();
  const gate = createDeferred<void>();
  const log: string[] = [];
  const first = queue.run(async () => {
    log.push("first begins");
    await gate.promise;
    log.push("first ends");
  });
  const second = queue.run(async () => void log.push("second"));
  await Promise.resolve();
  expect(log).toEqual(["first begins"]);
  gate.resolve();
  await Promise.all([first, second]);
  expect(log).toEqual(["first begins", "first ends", "second"]);
});

test("A task that fails, even synchronously, rejects only its own promise", async () => {
  const queue = createSerialQueue();
  const failed = queue.run(async () => Promise.reject(new Error("one")));
  const threw = queue.run(() => {
    throw new Error("two");
  });
  const fine = queue.run(async () => 3);
  await expect(failed).rejects.toThrow("one");
  await expect(threw).rejects.toThrow("two");
  await expect(fine).resolves.toBe(3);
});

test("Idle waits for tasks added by running tasks", async () => {
  const queue = createSerialQueue();
  const log: number[] = [];
  void queue.run(async () => {
    log.push(1);
    void queue.run(async () => void log.push(2));
  });
  await queue.idle();
  expect(log).toEqual([1, 2]);
  await queue.idle();
});
