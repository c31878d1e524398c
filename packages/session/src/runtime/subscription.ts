import type { Packet, Transport, Unsubscribe } from "@demls/wire/core";

/**
 * Subscribes to a conversation's packets, unless `signal` comes first. A transport that answers after that
 * finds nobody: what it has begun is ended at once.
 *
 * @throws whatever the transport does, or the signal's reason.
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
    signal.addEventListener("abort", abort, { once: true });
    const subscribe = async (): Promise<Unsubscribe> => transport.subscribe(conversationId, listener);
    subscribe()
      .then((unsubscribe) => {
        if (signal.aborted) endSubscription(unsubscribe);
        else resolve(unsubscribe);
      }, reject)
      .finally(() => signal.removeEventListener("abort", abort));
  });
}

/**
 * Ends a subscription. A transport that fails at that keeps nobody from closing what listened, which hears
 * nothing more in any case; it may even answer with a promise, though it need not be awaited.
 */
export function endSubscription(unsubscribe: () => unknown): void {
  const end = async (): Promise<unknown> => unsubscribe();
  end().catch(() => undefined);
}
