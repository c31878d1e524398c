import { Worker } from "node:worker_threads";
import type { LifeOptions, LifeReport } from "../life/life.js";

/** Plays lives on threads, and calls `onReport` with the report of each, in the order of the lives. */
export async function playAll(
  lives: readonly LifeOptions[],
  threads: number,
  onReport: (report: LifeReport) => void,
): Promise<void> {
  const done = new Map<number, LifeReport>();
  let [next, told] = [0, 0];

  function tell(index: number, report: LifeReport): void {
    done.set(index, report);
    for (let ready = done.get(told); ready !== undefined; ready = done.get(told)) {
      done.delete(told++);
      onReport(ready);
    }
  }

  async function work(): Promise<void> {
    const worker = new Worker(new URL("./worker.js", import.meta.url));
    try {
      for (let index = next++; index < lives.length; index = next++)
        tell(index, await reportOf(worker, lives[index]));
    } finally {
      await worker.terminate();
    }
  }

  await Promise.all(Array.from({ length: Math.min(threads, lives.length) }, work));
}

function reportOf(worker: Worker, options: LifeOptions | undefined): Promise<LifeReport> {
  return new Promise((resolve, reject) => {
    const onError = (error: Error): void => reject(error);
    worker.once("error", onError);
    worker.once("message", (report: LifeReport) => {
      worker.off("error", onError);
      resolve(report);
    });
    worker.postMessage(options);
  });
}
