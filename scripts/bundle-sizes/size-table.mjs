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

What a bundler makes of the packages for browsers, minified and then gzipped, with everything that they depend on: written by
\`npm run sizes\`. All of \`demls\` is everything but libp2p, with which it is measured for Node. There, node:crypto takes the
place of what browsers need; the dependencies are taken as ES modules there too, though a bundler that goes by Node's
conditions gets RxJS as CommonJS, which is 24 kB more.

${table("what is imported", entries)}

All of \`demls\` for browsers is made of:

${table("what", parts)}

## What was tried

The aim, 115 kB on Node, is missed by 9 kB. What brought something, of 137.7 kB for browsers and 127.1 kB on Node:

- Noble's Ed25519, X25519 and AES-GCM are loaded by \`import()\` once WebCrypto turns out to lack them: 6.8 kB less for most
  browsers. Half of @noble/curves stays, since votes are secp256k1 signatures; @noble/hashes is there once.
- Waiting for an event without RxJS's \`merge\`, \`startWith\` and \`fromEvent\`, which bring its schedulers: 2.7 kB.

What was measured and left:

- protobufjs brings long, 3.5 kB, and its reader and writer, 8.4 kB. No option leaves long out. The reader and writer of
  @bufbuild/protobuf are 3.5 kB in all and know bigint: with them the aim is in reach, once decoding is as strict over them as it is now.
- The code generated of the message definitions has neither \`create\`, \`verify\`, conversions, delimited forms, type URLs nor
  services.
- Of @msgpack/msgpack nothing but the encoder and decoder is left, nor of rxjs more than subjects and four operators; its modules
  for ES2015, which a bundler takes on demand, are 1.4 kB smaller.
- The minifier is Rolldown's, as in Vite. Its targets and number of passes change nothing; Terser with three passes makes
  0.7 kB less.
- Tracing (2.1 kB), key packages as JSON (1.3 kB) and the network in memory (0.9 kB) are what an application that imports
  \`createUser\` alone leaves out for the most part: 3 kB.
- Of the 62 kB of the packages here, 39 are the session's. Its part for storing and restoring, with @msgpack/msgpack, is 9.3 kB. It
  could be loaded for those alone who give a \`storage\`, but an application hardly goes without.

### With libp2p

The aim, 265 kB in all, is missed by 16 kB. libp2p and what it needs is 156 kB beside \`demls\`: libp2p itself 41,
@libp2p/noise 27, @libp2p/gossipsub 26. What brought something, of 307 kB:

- WebSocket is loaded by \`import()\` where the node listens on one or first dials one: 15.7 kB less for nodes with TCP alone.
- mDNS is loaded where it is asked for: 10.7 kB less for the others.

What was measured and left:

- SHA-256 and ChaCha20-Poly1305 as WebAssembly, 16.1 kB, which @libp2p/noise imports whatever \`crypto\` it is given. An
  application whose bundler puts others in their place comes near the aim.
- The metrics of @libp2p/gossipsub, 4.2 kB, which nobody asks for and no option leaves out.
- RxJS's \`combineLatest\`, 2.4 kB, of which the node's state is made.
- No package is there in two versions.
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
