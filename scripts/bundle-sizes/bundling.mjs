import { readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import { rolldown } from "rolldown";

import { root } from "../workspace/workspace.mjs";

/**
 * Result of bundling some code.
 *
 * @typedef {object} Bundled
 * @property {number} gzipped bytes of the code that is always loaded, minified and gzipped
 * @property {number} lazyGzipped the same for the code that `import()` may load later
 * @property {readonly string[]} modules the paths of the modules that tree-shaking leaves in part or whole
 */

/** Packages of this repository are resolved by path, since no package depends on all of them. */
const PACKAGE = /^(demls|@demls\/[\w-]+)(\/.*)?$/;

/**
 * Settings for Node: without replacements for browsers, and with ES modules where the condition `node` selects
 * CommonJS.
 *
 * @type {import("rolldown").InputOptions}
 */
const NODE = {
  platform: "neutral",
  resolve: { conditionNames: ["import", "default"], mainFields: ["module", "main"] },
};

/**
 * Files that packages choose by Node's condition: each specifier with the folder of its package.
 *
 * @type {Readonly<Record<string, string>>}
 */
const PLATFORM_FILES = { "#crypto-primitives": "mls", "#ed25519": "join" };

/**
 * Bundles, tree-shakes and minifies `code` as an application would. The packages must be built.
 *
 * @param {string} code an ES module that imports packages of this repository
 * @param {object} [options]
 * @param {boolean} [options.onNode] with node:crypto in place of the browser primitives. Dependencies stay ES modules:
 * tree-shaking removes more of them than of the CommonJS that some of them have for Node
 * @returns {Promise<Bundled>}
 */
export async function bundle(code, { onNode = false } = {}) {
  const bundling = await rolldown({
    input: "entry",
    ...(onNode ? NODE : { platform: "browser" }),
    external: (id) => onNode && isBuiltin(id),
    plugins: [
      {
        name: "entry",
        resolveId(id, importer) {
          if (id === "entry") return id;
          const owner = onNode ? PLATFORM_FILES[id] : undefined;
          if (owner !== undefined) return join(root, "packages", owner, nodeFile(owner, id));
          return importer === "entry" && PACKAGE.test(id) ? builtFile(id) : undefined;
        },
        load: (id) => (id === "entry" ? code : undefined),
      },
    ],
    logLevel: "silent",
  });
  const { output } = await bundling.generate({ minify: true });
  const chunks = output.filter((part) => part.type === "chunk");
  const loaded = loadedWith(chunks);
  return {
    gzipped: gzippedBytes(chunks.filter((chunk) => loaded.has(chunk.fileName))),
    lazyGzipped: gzippedBytes(chunks.filter((chunk) => !loaded.has(chunk.fileName))),
    modules: chunks.flatMap((chunk) =>
      Object.entries(chunk.modules)
        .filter(([, { renderedLength }]) => renderedLength > 0)
        .map(([path]) => path),
    ),
  };
}

/** @param {string} specifier such as `@demls/wire/core` */
function builtFile(specifier) {
  const [, name = "", subpath = ""] = PACKAGE.exec(specifier) ?? [];
  return join(root, "packages", name.replace("@demls/", ""), `dist${subpath}/index.js`);
}

/**
 * @param {string} owner folder of a package
 * @param {string} specifier one of its `imports`
 * @returns {string} path of the file in the package, by Node's condition
 */
function nodeFile(owner, specifier) {
  const { imports } = JSON.parse(readFileSync(join(root, "packages", owner, "package.json"), "utf8"));
  return imports[specifier].node;
}

/**
 * The chunks that are loaded with the entry.
 *
 * @param {readonly import("rolldown").OutputChunk[]} chunks
 * @returns {ReadonlySet<string>} their file names
 */
function loadedWith(chunks) {
  const loaded = new Set(chunks.filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName));
  // Iterating over a set includes the entries added meanwhile.
  for (const name of loaded) {
    for (const imported of chunks.find(({ fileName }) => fileName === name)?.imports ?? [])
      loaded.add(imported);
  }
  return loaded;
}

/** @param {readonly import("rolldown").OutputChunk[]} chunks */
function gzippedBytes(chunks) {
  return chunks.reduce((total, { code }) => total + gzipSync(code, { level: 9 }).length, 0);
}
