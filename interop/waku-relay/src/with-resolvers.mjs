// Node.js 20 has no Promise.withResolvers, which libp2p calls.
const platform = /** @type {{ withResolvers?: () => object }} */ (/** @type {unknown} */ (Promise));
platform.withResolvers ??= () => {
  let resolve, reject;
  const promise = new Promise((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
};
