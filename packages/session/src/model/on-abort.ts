const listenersOf = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls a listener once a signal is aborted; not if it is aborted already. Any number may listen: the signal itself has one
 * listener, since Node warns of a leak from the eleventh on, and a user may have many conversations.
 *
 * @returns function that removes the listener.
 */
export function onAbort(signal: AbortSignal, listener: () => void): () => void {
  const listeners = listenersOf.get(signal) ?? listenTo(signal);
  // A function of its own, so that two calls with one listener count twice.
  const entry = (): void => listener();
  listeners.add(entry);
  return () => void listeners.delete(entry);
}

function listenTo(signal: AbortSignal): Set<() => void> {
  const listeners = new Set<() => void>();
  listenersOf.set(signal, listeners);
  const tell = (): void => {
    for (const listener of [...listeners]) listener();
    listeners.clear();
  };
  signal.addEventListener("abort", tell, { once: true });
  return listeners;
}
