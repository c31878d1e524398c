import { bundle } from "./bundling.mjs";

// Not size-limit: its bundler esbuild has an install script, and none of its bundlers is Vite's Rolldown.

const ALL = "all of `demls`";
const ON_NODE = "all of `demls`, on Node";
const WITH_LIBP2P = "all of `demls`, on Node, and `@demls/transport-gossipsub/node` with libp2p";

/** Maximum total size in bytes, by the name in the table. */
export const LIMITS_GZIPPED = Object.entries({ [ALL]: 216_000, [ON_NODE]: 215_000, [WITH_LIBP2P]: 370_000 });

/** A row of the table: a name, and the size in kB. */
const ROW = /^\| (.+?) +\| +([\d.]+) \|$/gm;

/**
 * Bundles each entry of the table in docs/sizes.md.
 *
 * @returns {Promise<ReadonlyMap<string, number>>} bytes, minified and gzipped, by name
 */
export async function measure() {
  const sizes = new Map();
  for (const specifier of [
    "@demls/wire/core",
    "@demls/wire",
    "@demls/consensus",
    "@demls/consensus/service",
    "@demls/mls",
    "@demls/steward",
    "@demls/scoring",
    "@demls/join",
    "@demls/session",
    "@demls/session/step",
    "@demls/session/trace",
    "@demls/transport-memory",
    "@demls/storage-memory",
    "@demls/storage-level",
    "@demls/storage-encrypted",
    "@demls/testkit",
  ])
    sizes.set(`\`${specifier}\``, (await bundle(everythingOf(specifier))).gzipped);

  const votes = everythingOf("@demls/wire", "@demls/consensus", "@demls/consensus/service");
  sizes.set("votes alone: `@demls/wire` and all of `@demls/consensus`", (await bundle(votes)).gzipped);
  sizes.set("`createUser` of `demls`", (await bundle('export { createUser } from "demls";')).gzipped);

  const demls = everythingOf("demls", "demls/step", "demls/trace");
  const libp2p = everythingOf("@demls/transport-gossipsub", "@demls/transport-gossipsub/node");
  const inBrowsers = await bundle(demls);
  const withLibp2p = await bundle(demls + libp2p, { onNode: true });
  sizes.set(ALL, inBrowsers.gzipped);
  sizes.set("besides, where WebCrypto lacks Ed25519, X25519 or everything", inBrowsers.lazyGzipped);
  sizes.set(ON_NODE, (await bundle(demls, { onNode: true })).gzipped);
  sizes.set(WITH_LIBP2P, withLibp2p.gzipped);
  sizes.set("besides, where a node has WebSocket and mDNS", withLibp2p.lazyGzipped);
  return sizes;
}

/**
 * The sizes in a page's table.
 *
 * @param {string} page
 * @returns {ReadonlyMap<string, number>} bytes, to the nearest 100, by name
 */
export function sizesIn(page) {
  return new Map([...page.matchAll(ROW)].map(([, name = "", kB]) => [name, Number(kB) * 1_000]));
}

/**
 * The page with other sizes in its table.
 *
 * @param {string} page
 * @param {ReadonlyMap<string, number>} sizes
 */
export function withSizes(page, sizes) {
  return page.replaceAll(ROW, (_row, name) => `| ${name} | ${((sizes.get(name) ?? 0) / 1_000).toFixed(1)} |`);
}

/** @param {readonly string[]} specifiers */
function everythingOf(...specifiers) {
  return specifiers.map((specifier) => `export * from "${specifier}";`).join("");
}
