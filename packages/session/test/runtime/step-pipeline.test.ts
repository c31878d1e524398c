import { describe, expect, test } from "vitest";
import { LIMITS } from "../../src/model/limits.js";
import { createDeferred } from "../../src/runtime/deferred.js";
import { createStepPipeline, type TakenStep } from "../../src/runtime/step-pipeline.js";

/** All resolved promises run before the next task. */
const turnOfEventLoop = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function step(log: string[], name: string, parts: Partial<TakenStep<string>> = {}): TakenStep<string> {
  log.push(`${name} runs`);
  return { ...parts, carryOut: () => (log.push(`${name} is carried out`), name) };
}

describe("Steps", () => {
  test("run while earlier ones are being stored, and are carried out in order", async () => {
    const pipeline = createStepPipeline();
    const log: string[] = [];
    const gate = createDeferred<void>();
    const first = pipeline.run(async () => step(log, "first", { stored: gate.promise }));
    const second = pipeline.run(async () => step(log, "second", { stored: Promise.resolve() }));
    await turnOfEventLoop();
    expect(log).toEqual(["first runs", "second runs"]);
    gate.resolve();
    await expect(Promise.all([first, second])).resolves.toEqual(["first", "second"]);
    expect(log.slice(2)).toEqual(["first is carried out", "second is carried out"]);
  });

  test("wait for one that is awaited", async () => {
    const pipeline = createStepPipeline();
    const log: string[] = [];
    const gate = createDeferred<void>();
    const first = pipeline.run(async () => step(log, "first", { stored: gate.promise, isAwaited: true }));
    const second = pipeline.run(async () => step(log, "second"));
    await turnOfEventLoop();
    expect(log).toEqual(["first runs"]);
    gate.resolve();
    await Promise.all([first, second]);
    expect(log.slice(1)).toEqual(["first is carried out", "second runs", "second is carried out"]);
  });

  test("wait while too many are not stored", async () => {
    const pipeline = createStepPipeline();
    const log: string[] = [];
    const gate = createDeferred<void>();
    const all = Array.from({ length: LIMITS.unstoredSteps + 1 }, (_, i) =>
      pipeline.run(async () => step(log, `${i}`, { stored: gate.promise })),
    );
    await turnOfEventLoop();
    expect(log).toHaveLength(LIMITS.unstoredSteps);
    gate.resolve();
    await Promise.all(all);
    expect(log).toHaveLength(2 * all.length);
  });

  test("that fail reject in the order of the calls", async () => {
    const pipeline = createStepPipeline();
    const log: string[] = [];
    const gate = createDeferred<void>();
    const first = pipeline.run(async () => step(log, "first", { stored: gate.promise }));
    const failed = pipeline.run(() => Promise.reject(new Error("never ran")));
    const settled: string[] = [];
    const note = (name: string) => () => void settled.push(name);
    first.catch(note("first"));
    failed.catch(note("failed"));
    await turnOfEventLoop();
    expect(settled).toEqual([]);
    gate.reject(new Error("not stored"));
    await pipeline.idle();
    expect(settled).toEqual(["first", "failed"]);
    expect(log).toEqual(["first runs"]);
  });

  test("may carry out another one first", async () => {
    const pipeline = createStepPipeline();
    const log: string[] = [];
    const result = await pipeline.run(async (carry) => {
      await carry(step(log, "before"));
      return step(log, "itself");
    });
    expect(result).toBe("itself");
    expect(log).toEqual(["before runs", "before is carried out", "itself runs", "itself is carried out"]);
  });
});

test("Idle waits for steps that are being stored", async () => {
  const pipeline = createStepPipeline();
  const log: string[] = [];
  const gate = createDeferred<void>();
  void pipeline.run(async () => step(log, "first", { stored: gate.promise }));
  const idle = pipeline.idle().then(() => log.push("idle"));
  await turnOfEventLoop();
  expect(log).toEqual(["first runs"]);
  gate.resolve();
  await idle;
  expect(log).toEqual(["first runs", "first is carried out", "idle"]);
});
