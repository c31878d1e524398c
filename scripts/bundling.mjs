import { join } from "node:path";
import { gzipSync } from "node:zlib";

import { rolldown } from "rolldown";

import { root } from "./workspace.mjs";

/**
 * What a bundler makes of some code for browsers.
 *
 * @typedef {object} Bundled
 * @property {number} gzipped bytes, minified before that
 * @property {readonly string[]} modules the paths of those modules of which something is left
 */

/** Of the packages here, the built files are taken by path: nobody depends on all of them. */
const PACKAGE = /^(demls|@demls\/[\w-]+)(\/.*)?$/;

/**
 * Bundles, tree-shakes and minifies `code` as an application for browsers would. The packages must be built.
 *
 * @param {string} code an ES module that imports packages of this repository
 * @param {(id: string) => boolean} [isLeftOut] what is not bundled, by specifier or path
 * @returns {Promise<Bundled>}
 */
export async function bundle(code, isLeftOut = () => false) {
  const bundling = await rolldown({
    input: "entry",
    platform: "browser",
    external: isLeftOut,
    plugins: [
      {
        name: "entry",
        resolveId(id, importer) {
          if (id === "entry") return id;
          return importer === "entry" && PACKAGE.test(id) ? builtFile(id) : undefined;
        },
        load: (id) => (id === "entry" ? code : undefined),
      },
    ],
    logLevel: "silent",
  });
  const { output } = await bundling.generate({ minify: true });
  const chunks = output.filter((part) => part.type === "chunk");
  return {
    gzipped: chunks
      .map(({ code: part }) => gzipSync(part, { level: 9 }).length)
      .reduce((total, length) => total + length, 0),
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
