import { LIMITS } from "../model/limits.js";
import { createSerialQueue } from "./serial-queue.js";

/** A step that has run. */
export interface TakenStep<T> {
  /** Settles when the step is stored, or cannot be; absent if there is nothing to store. */
  readonly stored?: Promise<void>;
  /** Whether the next step runs only after this one is carried out. */
  readonly isAwaited?: boolean;
  /** Performs the effects, and returns the result for the caller. */
  carryOut(): T;
}

/**
 * Runs steps one at a time and carries each out once it is stored, both in order. Steps run while earlier ones are being
 * stored, up to the bound in `LIMITS`; beyond it, the next step waits.
 */
export interface StepPipeline {
  /**
   * Runs a task after all earlier ones, and resolves to the result of its step. Results come in the order of the calls,
   * errors too.
   *
   * @param task - Returns a step; `carry` carries out one that comes before it.
   */
  run<T>(task: (carry: Carry<T>) => Promise<TakenStep<T>>): Promise<T>;
  /** Resolves when no step runs, waits or is being stored. */
  idle(): Promise<void>;
}

type Carry<T> = (step: TakenStep<T>) => Promise<T>;

export function createStepPipeline(): StepPipeline {
  const steps = createSerialQueue();
  const results = createSerialQueue();
  let last: Promise<unknown> = Promise.resolve();
  let unstored = 0;

  function carry<T>(step: TakenStep<T>): Promise<T> {
    unstored += 1;
    // Awaited later: an error of it is no unhandled rejection until then.
    step.stored?.catch(() => undefined);
    return results.run(async () => {
      try {
        await step.stored;
      } finally {
        unstored -= 1;
      }
      return step.carryOut();
    });
  }

  async function take<T>(task: (carry: Carry<T>) => Promise<TakenStep<T>>): Promise<TakenStep<T>> {
    try {
      return await task(carry);
    } catch (error) {
      return failedStep(error);
    }
  }

  return {
    run<T>(task: (carry: Carry<T>) => Promise<TakenStep<T>>) {
      const result = new Promise<T>((resolve, reject) => {
        void steps.run(async () => {
          const step = await take(task);
          const carriedOut = carry(step).then(resolve, reject);
          if (step.isAwaited === true || unstored >= LIMITS.unstoredSteps) await carriedOut;
        });
      });
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

/** A step that failed, with nothing to store. */
function failedStep(error: unknown): TakenStep<never> {
  return {
    carryOut: () => {
      throw error;
    },
  };
}
