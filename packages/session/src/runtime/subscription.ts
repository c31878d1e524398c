import { onAbort } from "../model/on-abort.js";
import type { Clock, Packet, Transport, Unsubscribe } from "@demls/wire/core";
import { withinTime } from "./time-limit.js";

/** Delay in ms before a failed subscription is retried. */
const RETRY_MS = 5_000;

/**
 * Subscribes to a conversation's packets until `signal` is aborted. If the transport resolves after the abort, the
 * subscription is ended at once.
 *
 * @throws any error of the transport, or the signal's reason.
 */
export function subscribeUntil(
  transport: Transport,
  conversationId: string,
  listener: (packet: Packet) => void,
  signal: AbortSignal,
): Promise<Unsubscribe> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    if (signal.aborted) return abort();
    const stopWaiting = onAbort(signal, abort);
    const subscribe = async (): Promise<Unsubscribe> => transport.subscribe(conversationId, listener);
    subscribe()
      .then((unsubscribe) => {
        if (signal.aborted) endSubscription(unsubscribe);
        else resolve(unsubscribe);
      }, reject)
      .finally(stopWaiting);
  });
}

/** Repeats a subscription until it succeeds or is not wanted any more. */
export async function subscribePersistently(
  subscribe: () => Promise<void>,
  {
    clock,
    ending,
    isWanted,
    onFailure,
  }: {
    readonly clock: Clock;
    readonly ending: AbortSignal;
    isWanted(): boolean;
    onFailure?(error: unknown): void;
  },
): Promise<void> {
  while (isWanted() && !ending.aborted) {
    try {
      return await subscribe();
    } catch (error) {
      if (ending.aborted) return;
      onFailure?.(error);
      await withinTime(undefined, clock, RETRY_MS, ending);
    }
  }
}

/**
 * Ends a subscription. Errors of the transport are ignored, including rejected promises, so that closing never fails.
 * Packets after this call are dropped in any case.
 */
export function endSubscription(unsubscribe: () => unknown): void {
  const end = async (): Promise<unknown> => unsubscribe();
  end().catch(() => undefined);
}
