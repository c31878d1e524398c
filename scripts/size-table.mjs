import { bundle } from "./bundling.mjs";

/**
 * A bundle's size in bytes.
 *
 * @typedef {object} Size
 * @property {string} name
 * @property {number} gzipped
 */

/**
 * What all of `demls` may come to, which is everything but libp2p, in bytes. The aim is 115,000; the page tells where the
 * rest goes.
 */
export const LIMIT_GZIPPED = 140_000;

const ALL = "all of `demls`";

/** What an application may import, by its name in the table. */
const ENTRIES = Object.entries({
  ...Object.fromEntries(
    [
      "@demls/wire/core",
      "@demls/wire",
      "@demls/consensus",
      "@demls/mls",
      "@demls/steward",
      "@demls/scoring",
      "@demls/session",
      "@demls/transport-memory",
      "@demls/storage-memory",
      "@demls/testkit",
    ].map((name) => [`\`${name}\``, `export * from "${name}";`]),
  ),
  "votes alone: `@demls/wire` and `@demls/consensus`":
    'export * from "@demls/wire"; export * from "@demls/consensus";',
  "`createUser` of `demls`": 'export { createUser } from "demls";',
  [ALL]: 'export * from "demls";',
});

/** What of `demls` is not written here, by specifier or path. */
const OTHERS = Object.entries({
  "ts-mls, corrected, and of it what is used": /\/ts-mls\.js$/,
  "@noble/curves": /@noble\/curves/,
  "@noble/hashes": /@noble\/hashes/,
  "@noble/ciphers": /@noble\/ciphers/,
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
  const all = entries.find(({ name }) => name === ALL)?.gzipped ?? 0;
  const parts = [];
  for (const [name, pattern] of OTHERS) {
    const { gzipped } = await bundle('export * from "demls";', (id) => pattern.test(id));
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
\`npm run sizes\`. All of \`demls\` is everything but libp2p.

${table("what is imported", entries)}

All of \`demls\` is made of:

${table("what", parts)}
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
