/** Queue that runs tasks one at a time, in order. */
export interface SerialQueue {
  /** Runs `task` after all earlier tasks and resolves to its result. A failed task does not affect later ones. */
  run<T>(task: () => Promise<T>): Promise<T>;
  /** Resolves when the queue is empty. */
  idle(): Promise<void>;
}

export function createSerialQueue(): SerialQueue {
  let last: Promise<unknown> = Promise.resolve();
  return {
    run(task) {
      const result = last.then(task);
      last = result.catch(() => undefined);
      return result;
    },
    async idle() {
      for (let seen; seen !== last;) {
        seen = last;
        await seen;
      }
    },
  };
}
