import { readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import { rolldown } from "rolldown";

import { root } from "../workspace/workspace.mjs";

/**
 * What a bundler makes of some code.
 *
 * @typedef {object} Bundled
 * @property {number} gzipped bytes of what is always loaded, minified before that
 * @property {number} lazyGzipped bytes of what `import()` may load later
 * @property {readonly string[]} modules the paths of those modules of which something is left
 */

/** Of the packages here, the built files are taken by path: nobody depends on all of them. */
const PACKAGE = /^(demls|@demls\/[\w-]+)(\/.*)?$/;

/**
 * Neither what stands in for a file in browsers, nor the CommonJS that Node's own condition leads to.
 *
 * @type {import("rolldown").InputOptions}
 */
const NODE = {
  platform: "neutral",
  resolve: { conditionNames: ["import", "default"], mainFields: ["module", "main"] },
};

/**
 * Bundles, tree-shakes and minifies `code` as an application would. The packages must be built.
 *
 * @param {string} code an ES module that imports packages of this repository
 * @param {object} [options]
 * @param {boolean} [options.onNode] with node:crypto in place of what browsers need; the dependencies stay ES modules,
 * of which more is shaken off than of the CommonJS that some of them have for Node
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
          if (onNode && id === "#crypto-primitives") return join(root, "packages/mls", nodePrimitives());
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

/** @returns {string} its path in packages/mls, by the condition that Node sets */
function nodePrimitives() {
  const { imports } = JSON.parse(readFileSync(join(root, "packages/mls/package.json"), "utf8"));
  return imports["#crypto-primitives"].node;
}

/**
 * The chunks that are loaded with the entry.
 *
 * @param {readonly import("rolldown").OutputChunk[]} chunks
 * @returns {ReadonlySet<string>} their file names
 */
function loadedWith(chunks) {
  const loaded = new Set(chunks.filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName));
  // A set that grows is walked to its new end.
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
