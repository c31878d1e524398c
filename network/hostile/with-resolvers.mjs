// Node.js 20 lacks `Promise.withResolvers`, which libp2p uses.
const platform = /** @type {{ withResolvers?: unknown }} */ (Promise);
platform.withResolvers ??= () => {
  const parts = {};
  const promise = new Promise((resolve, reject) => Object.assign(parts, { resolve, reject }));
  return { promise, ...parts };
};
