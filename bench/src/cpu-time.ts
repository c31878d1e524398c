import { Bench } from "tinybench";
import type { Effort } from "./effort.js";

/**
 * CPU time of this process in milliseconds, over all threads. Unlike wall-clock time, it hardly depends on other
 * processes.
 */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** A measured task; each call is one repetition. */
export type Task = () => unknown;

/**
 * CPU milliseconds per call of each task: the least median of all rounds. The tasks alternate, so that a temporary
 * slowdown of the machine affects all of them.
 */
export async function cpuTimes<Name extends string>(
  tasks: Readonly<Record<Name, Task>>,
  effort: Effort,
): Promise<Record<Name, number>> {
  const best = {} as Record<Name, number>;
  for (let round = 0; round < effort.rounds; round++)
    for (const name of Object.keys(tasks) as Name[]) {
      const ms = await medianCpuMs(tasks[name], effort);
      best[name] = Math.min(best[name] ?? Infinity, ms);
    }
  return best;
}

async function medianCpuMs(task: Task, { turnMs, iterations }: Effort): Promise<number> {
  const warmup = turnMs > 0;
  const bench = new Bench({
    now: cpuMs,
    time: turnMs,
    iterations,
    warmup,
    warmupIterations: 2,
    warmupTime: turnMs / 4,
    throws: true,
  });
  const [measured] = await bench.add("task", task).run();
  const result = measured?.result;
  if (result?.state !== "completed") throw new Error(`A task ended as ${result?.state}.`);
  return result.latency.p50;
}
