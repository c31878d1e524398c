/** Gives Node.js 20 what libp2p uses when it runs: `Promise.withResolvers`, which Node.js has from version 22 on. */
export function provideWithResolvers(): void {
  const platform = Promise as { withResolvers?: unknown };
  platform.withResolvers ??= withResolvers;
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
