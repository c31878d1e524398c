import { bundle } from "./bundling.mjs";

/**
 * A bundle's size in bytes.
 *
 * @typedef {object} Size
 * @property {string} name
 * @property {number} gzipped
 */

const ALL = "all of `demls`";
const ON_NODE = "all of `demls`, on Node";
const WITH_LIBP2P = "all of `demls`, on Node, and `@demls/transport-gossipsub/node` with libp2p";
const LAZY_ON_NODE = "besides, where a node has WebSocket and mDNS";

/** What everything may come to, in bytes, by its name in the table. The aims are 115,000 and 265,000: see the page. */
export const LIMITS_GZIPPED = Object.entries({ [ALL]: 133_000, [ON_NODE]: 129_000, [WITH_LIBP2P]: 288_500 });

/** What a browser loads besides where its WebCrypto lacks something. */
const LAZY = "besides, where WebCrypto lacks Ed25519, X25519 or everything";

/** The code of all of it. */
const EVERYTHING = 'export * from "demls"; export * from "demls/step"; export * from "demls/trace";';
const EVERYTHING_WITH_LIBP2P = `${EVERYTHING}
  export * from "@demls/transport-gossipsub"; export * from "@demls/transport-gossipsub/node";`;

/** What an application may import, by its name in the table. */
const ENTRIES = Object.entries({
  ...Object.fromEntries(
    [
      "@demls/wire/core",
      "@demls/wire",
      "@demls/consensus",
      "@demls/consensus/service",
      "@demls/mls",
      "@demls/steward",
      "@demls/scoring",
      "@demls/session",
      "@demls/session/step",
      "@demls/session/trace",
      "@demls/transport-memory",
      "@demls/storage-memory",
      "@demls/testkit",
    ].map((name) => [`\`${name}\``, `export * from "${name}";`]),
  ),
  "votes alone: `@demls/wire` and all of `@demls/consensus`":
    'export * from "@demls/wire"; export * from "@demls/consensus"; export * from "@demls/consensus/service";',
  "`createUser` of `demls`": 'export { createUser } from "demls";',
  [ALL]: EVERYTHING,
});

/** What of `demls` is not written here, by specifier or path. */
const OTHERS = Object.entries({
  "ts-mls, corrected, and of it what is used": /\/ts-mls\.js$/,
  "@noble/curves": /@noble\/curves/,
  "@noble/hashes": /@noble\/hashes/,
  "protobufjs and long": /^(protobufjs|long)\b/,
  "what protobufjs generates of the message definitions": /\/generated\//,
  rxjs: /^rxjs/,
  "@msgpack/msgpack": /^@msgpack\//,
});

/**
 * Bundles everything that the page tells of.
 *
 * @returns {Promise<{ entries: readonly Size[], parts: readonly Size[] }>}
 */
export async function measure() {
  const entries = [];
  for (const [name, code] of ENTRIES) entries.push({ name, gzipped: (await bundle(code)).gzipped });
  const { gzipped: all, lazyGzipped } = await bundle(EVERYTHING);
  const { gzipped: onNode } = await bundle(EVERYTHING, { onNode: true });
  const withLibp2p = await bundle(EVERYTHING_WITH_LIBP2P, { onNode: true });
  entries.push(
    { name: LAZY, gzipped: lazyGzipped },
    { name: ON_NODE, gzipped: onNode },
    { name: WITH_LIBP2P, gzipped: withLibp2p.gzipped },
    { name: LAZY_ON_NODE, gzipped: withLibp2p.lazyGzipped },
  );
  const parts = [];
  for (const [name, pattern] of OTHERS) {
    const { gzipped } = await bundle(EVERYTHING, { isLeftOut: (id) => pattern.test(id) });
    parts.push({ name, gzipped: all - gzipped });
  }
  const own = parts.reduce((rest, { gzipped }) => rest - gzipped, all);
  parts.push({ name: "the packages of this repository", gzipped: own });
  return { entries, parts: parts.sort((a, b) => b.gzipped - a.gzipped) };
}

/**
 * The page docs/sizes.md.
 *
 * @param {Awaited<ReturnType<typeof measure>>} sizes
 */
export function page({ entries, parts }) {
  return `# Sizes

Kilobytes of a browser bundle, minified and gzipped, dependencies included; written by \`npm run sizes\`. All of \`demls\`
excludes libp2p, which is measured for Node, with dependencies as ES modules. Bundlers with Node's conditions take RxJS as
CommonJS: 24 kB more.

${table("what is imported", entries)}

All of \`demls\` for browsers is made of:

${table("what", parts)}

## What was tried

The aim, 115 kB on Node, is missed by 9 kB. Kept:

- \`import()\` loads Noble's Ed25519, X25519 and AES-GCM only where WebCrypto lacks them: −6.8 kB.
- Events are awaited without RxJS's \`merge\`, \`startWith\` and \`fromEvent\`: −2.7 kB.

Not done:

- The reader and writer of @bufbuild/protobuf (3.5 kB) in place of protobufjs and long (11.9 kB) would reach the aim, once
  decoding is as strict over them.
- RxJS's modules for ES2015, on the bundler's demand: −1.4 kB. Terser with three passes: −0.7 kB.
- Loading the session's storage part with @msgpack/msgpack (9.3 kB) only where a \`storage\` is given: most applications have one.
- An application that imports only \`createUser\` already saves 3 kB: traces, key packages as JSON, the memory network.

### With libp2p

The aim, 265 kB, is missed by 16 kB. libp2p 41, @libp2p/noise 27 and @libp2p/gossipsub 26 are the largest of 156 kB. Kept:
loading WebSocket (−15.7 kB) and mDNS (−10.7 kB) on demand. Left:

- @libp2p/noise always imports SHA-256 and ChaCha20-Poly1305 as WebAssembly, 16.1 kB; a bundler can substitute them.
- The metrics of @libp2p/gossipsub, 4.2 kB, cannot be left out.
- RxJS's \`combineLatest\`, 2.4 kB.
`;
}

/**
 * The sizes that a page tells, by name.
 *
 * @param {string} text
 * @returns {ReadonlyMap<string, number>} bytes, to the nearest 100
 */
export function told(text) {
  const rows = text.matchAll(/^\| (.+?) +\| +([\d.]+) \|$/gm);
  return new Map([...rows].map(([, name = "", kilobytes]) => [name, Number(kilobytes) * 1_000]));
}

/**
 * @param {string} heading
 * @param {readonly Size[]} sizes
 */
function table(heading, sizes) {
  const rows = sizes.map(({ name, gzipped }) => ({ name, kB: (gzipped / 1_000).toFixed(1) }));
  const names = Math.max(heading.length, ...rows.map(({ name }) => name.length));
  const numbers = Math.max(...rows.map(({ kB }) => kB.length));
  return [
    `| ${heading.padEnd(names)} | ${"kB".padStart(numbers)} |`,
    `| ${"-".repeat(names)} | ${"-".repeat(numbers - 1)}: |`,
    ...rows.map(({ name, kB }) => `| ${name.padEnd(names)} | ${kB.padStart(numbers)} |`),
  ].join("\n");
}
