import { Worker } from "node:worker_threads";
import type { Outcome, Task } from "./task.js";

/** Plays lives on threads, and calls `onOutcome` with the outcome of each, in the order of the lives. */
export async function playAll(
  lives: readonly Task[],
  threads: number,
  onOutcome: (outcome: Outcome) => void,
): Promise<void> {
  const done = new Map<number, Outcome>();
  let [next, told] = [0, 0];

  function tell(index: number, outcome: Outcome): void {
    done.set(index, outcome);
    for (let ready = done.get(told); ready !== undefined; ready = done.get(told)) {
      done.delete(told++);
      onOutcome(ready);
    }
  }

  async function work(): Promise<void> {
    const worker = new Worker(new URL("./worker.js", import.meta.url));
    try {
      for (let index = next++; index < lives.length; index = next++)
        tell(index, await outcomeOf(worker, lives[index]));
    } finally {
      await worker.terminate();
    }
  }

  await Promise.all(Array.from({ length: Math.min(threads, lives.length) }, work));
}

function outcomeOf(worker: Worker, task: Task | undefined): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const onError = (error: Error): void => reject(error);
    worker.once("error", onError);
    worker.once("message", (outcome: Outcome) => {
      worker.off("error", onError);
      resolve(outcome);
    });
    worker.postMessage(task);
  });
}
