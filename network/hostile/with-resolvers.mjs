// Node.js 20 lacks what libp2p uses when it runs.
const platform = /** @type {{ withResolvers?: unknown }} */ (Promise);
platform.withResolvers ??= () => {
  const parts = {};
  const promise = new Promise((resolve, reject) => Object.assign(parts, { resolve, reject }));
  return { promise, ...parts };
};
