/**
 * Gives Node.js 20 what libp2p uses when it runs, and Node.js has from version 22 on: `Promise.withResolvers`, and
 * `WebSocket` to dial with.
 */
export async function provideForNode20(): Promise<void> {
  const platform = Promise as { withResolvers?: unknown };
  platform.withResolvers ??= withResolvers;
  const globals = globalThis as { WebSocket?: unknown };
  globals.WebSocket ??= (await import("ws")).WebSocket;
}

function withResolvers<T>(): unknown {
  let resolve: unknown;
  let reject: unknown;
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
