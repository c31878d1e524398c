/** Node.js 20 lacks `Promise.withResolvers`, which libp2p uses. */
export function provideWithResolvers(): void {
  const platform = Promise as { withResolvers?: unknown };
  platform.withResolvers ??= () => {
    const parts: { resolve?: unknown; reject?: unknown } = {};
    const promise = new Promise((resolve, reject) => Object.assign(parts, { resolve, reject }));
    return { promise, ...parts };
  };
}
