import { DemlsError } from "@demls/wire/core";
import type { ConsensusEvent, ConsensusEventBus } from "./event-bus.js";

/** Queue of events, for one reader at a time. */
export interface ConsensusEventQueue extends AsyncIterableIterator<ConsensusEvent> {
  /** Number of events dropped for newer ones since the queue was created. */
  readonly missed: number;
  /** Ends the subscription. Reading ends after the queued events. Idempotent. */
  close(): void;
}

/** Default queue size, as in hashgraph-like-consensus 0.4.0. */
const DEFAULT_MAX_QUEUED = 1_000;

/**
 * Queue of a bus's events from now on, for `for await`. When it is full, the oldest event is dropped and counted as
 * missed.
 *
 * @param maxQueued Maximum number of queued events, at least 1; 1,000 by default.
 * @throws DemlsError `invalid-max-queued`.
 *
 * @example
 * ```ts
 * const decisions = queueEvents(bus);
 * for await (const { kind, proposalId } of decisions) console.log(kind, proposalId);
 * ```
 */
export function queueEvents(bus: ConsensusEventBus, maxQueued = DEFAULT_MAX_QUEUED): ConsensusEventQueue {
  if (!Number.isInteger(maxQueued) || maxQueued < 1) throw invalidBound();
  const waiting: ConsensusEvent[] = [];
  let missed = 0;
  let isOpen = true;
  let wake = (): void => undefined;

  const subscription = bus.subscribe({
    next(event) {
      if (waiting.length === maxQueued) {
        waiting.shift();
        missed++;
      }
      waiting.push(event);
      wake();
    },
  });

  function close(): void {
    isOpen = false;
    subscription.unsubscribe();
    wake();
  }

  return {
    get missed() {
      return missed;
    },
    close,
    async next() {
      while (waiting.length === 0 && isOpen) await new Promise<void>((resolve) => (wake = resolve));
      const value = waiting.shift();
      return value === undefined ? { done: true, value: undefined } : { done: false, value };
    },
    async return() {
      close();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

function invalidBound(): DemlsError<"invalid-max-queued"> {
  return new DemlsError("invalid-max-queued", {
    message: "A queue must hold at least one event.",
    field: "maxQueued",
    remedy: "Pass a whole number of at least 1, or omit it for 1,000.",
  });
}
