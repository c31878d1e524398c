/**
 * Defines on Node.js 20 the globals of version 22 that libp2p uses: `Promise.withResolvers`, and `WebSocket` for
 * dialling.
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
