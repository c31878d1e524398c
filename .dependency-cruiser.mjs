/**
 * The directions of imports: among packages, among the folders of a package, and never in a circle. The test
 * `tests/layers.test.ts` checks them; `npx depcruise packages interop simulator` checks them by hand, once the packages
 * are built. ESLint keeps default implementations out of the session, since it can check imported names.
 */
import { readFileSync } from "node:fs";

/** For each package, the specifiers of other packages that its source may import. The README draws them. */
export const LAYERS = {
  wire: [],
  mls: ["@demls/wire/core"],
  steward: ["@demls/wire/core"],
  scoring: ["@demls/wire/core"],
  consensus: ["@demls/wire", "@demls/wire/core"],
  join: ["@demls/wire/core", "@demls/consensus"],
  "transport-memory": ["@demls/wire", "@demls/wire/core"],
  "transport-gossipsub": ["@demls/wire/core"],
  "storage-memory": ["@demls/wire/core"],
  "storage-level": ["@demls/wire/core"],
  "storage-encrypted": ["@demls/wire/core"],
  // The testkit has fakes of these layers, contracts of their plug-ins, and a network based on the memory network.
  testkit: [
    "@demls/wire",
    "@demls/wire/core",
    "@demls/mls",
    "@demls/consensus",
    "@demls/consensus/service",
    "@demls/steward",
    "@demls/scoring",
    "@demls/transport-memory",
  ],
  session: [
    "@demls/wire",
    "@demls/wire/core",
    "@demls/mls",
    "@demls/consensus",
    "@demls/steward",
    "@demls/scoring",
    "@demls/join",
  ],
  demls: [
    "@demls/wire",
    "@demls/wire/core",
    "@demls/mls",
    "@demls/consensus",
    "@demls/steward",
    "@demls/scoring",
    "@demls/join",
    "@demls/session",
    "@demls/session/step",
    "@demls/session/trace",
    "@demls/storage-memory",
    "@demls/transport-memory",
  ],
  cli: [
    "@demls/wire",
    "@demls/wire/core",
    "demls",
    "demls/step",
    "demls/trace",
    "@demls/join",
    "@demls/storage-encrypted",
    "@demls/storage-level",
    "@demls/transport-gossipsub",
    "@demls/transport-gossipsub/node",
  ],
};

/**
 * The folders in the source of each package that has any, or in another folder by its path, from top to bottom: files
 * import from their own folder and from those below it. `"."` means the files directly in `src/`, except those listed
 * by name. Every folder must be listed; a listed one need not exist.
 */
const FOLDERS = {
  wire: [".", "generated", "core"],
  mls: [".", "commit", "welcome", "framing", "group", "key-package", "tree", "client", "crypto", "ts-mls.ts"],
  join: ["index.ts", "attempt", "answerer", ".", "ed25519"],
  "transport-gossipsub": ["node", "."],
  "storage-level": [".", "node", "web", "engine"],
  testkit: ["index.ts", "contract", ".", "fake-mls"],
  session: [
    ".",
    "user",
    "runtime",
    "storage",
    "trace",
    "view",
    "step",
    "branches",
    "closing",
    "keys",
    "approved",
    "join",
    "lost-packets",
    "stewards",
    "voting",
    "messages",
    "standing",
    "presence",
    "identity",
    "changes",
    "admission",
    "epoch",
    "model",
  ],
  demls: [".", "join", "step", "trace"],
  cli: [".", "chat", "demo"],
  consensus: ["service", "."],
  "packages/cli/src/chat": [
    ".",
    "view",
    "commands",
    "room",
    "store",
    "options",
    "invited",
    "terminal",
    "network",
    "identity",
    "files",
  ],
  interop: [".", "scenarios", "vectors", "waku", "waku-relay", "driver", "peer"],
  "interop/driver": ["divergence", "."],
  "interop/peer/src": [".", "commands", "user", "protocol", "clock"],
  "simulator/src": [".", "run", "life", "actors", "faults", "world"],
};

/** Folders that other folders of the source use by their `index.ts` only, which exports a dozen names at most. */
export const INDEXED = [
  "closing",
  "approved",
  "keys",
  "lost-packets",
  "standing",
  "presence",
  "changes",
  "admission",
  "epoch",
].map((name) => `packages/session/src/${name}`);

/** Packages that report changes to applications by RxJS. A plug-in needs only `subscribe`. */
const WITH_RXJS = ["session", "demls", "cli", "transport-gossipsub"];

/** Dependencies of the root, which every test may use. */
const TEST_TOOLS = ["vitest", "fast-check", "typescript"];

/** The dependency that the build bundles, and the one file that may import it. */
const BUNDLED = { dependency: "ts-mls", file: "packages/mls/src/ts-mls.ts" };

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    {
      name: "circle",
      severity: "error",
      comment: "Imports go downwards only, imports of types too.",
      from: {},
      to: { circular: true },
    },
    {
      name: "unresolvable",
      severity: "error",
      comment: "The file does not exist, the package is not declared, or it does not export that subpath.",
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: "no-layer",
      severity: "error",
      comment: "Every package has a place in LAYERS.",
      from: { path: "^packages/", pathNot: `^packages/${anyOf(Object.keys(LAYERS))}/` },
      to: {},
    },
    ...Object.entries(LAYERS).map(([name, allowed]) => layerRule(name, allowed)),
    ...Object.entries(FOLDERS).flatMap(([name, folders]) => folderRules(name, folders)),
    unlistedFolder(
      "^packages/[^/]+/src/[^/]+/",
      Object.entries(FOLDERS).map(([name, folders]) => `${inSource(name)}${anyOf(folders)}/`),
    ),
    ...Object.entries(FOLDERS)
      .filter(([name]) => !(name in LAYERS))
      .map(([name, folders]) =>
        unlistedFolder(`${inSource(name)}[^/]+/`, [`${inSource(name)}${anyOf(folders)}/`]),
      ),
    ...INDEXED.map(indexRule),
    {
      name: "path-to-package",
      severity: "error",
      comment: "Import another package by its name, and the own package by its source files.",
      from: { path: "^packages/([^/]+)/(src|test)/.*\\.ts$" },
      to: {
        path: "^packages/",
        pathNot: "^packages/$1/(?!dist/)",
        dependencyTypesNot: ["aliased-subpath-import"],
      },
    },
    {
      name: "path-to-package",
      severity: "error",
      comment: "The source of a package imports no files outside it.",
      from: { path: "^packages/([^/]+)/src/" },
      to: {
        path: "^[a-z]",
        pathNot: ["^packages/", "^node_modules/"],
        dependencyTypesNot: ["core"],
        couldNotResolve: false,
      },
    },
    {
      name: "path-to-package",
      severity: "error",
      comment: "Tests of packages share the vectors and the hostile input.",
      from: { path: "^packages/([^/]+)/test/" },
      to: {
        path: "^[a-z]",
        pathNot: ["^packages/", "^node_modules/", "^(vectors|hostile)/"],
        dependencyTypesNot: ["core"],
        couldNotResolve: false,
      },
    },
    {
      name: "undeclared",
      severity: "error",
      comment: "Imports of the source are in `dependencies`.",
      from: { path: "^packages/[^/]+/(src|bin)/", pathNot: `^${BUNDLED.file}$` },
      to: { dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"] },
    },
    {
      name: "undeclared",
      severity: "error",
      comment: "Imports of tests are in `devDependencies`, except the tools of the root.",
      from: { path: "^packages/[^/]+/test/" },
      to: {
        dependencyTypes: ["npm-no-pkg", "npm-unknown"],
        pathNot: `node_modules/${anyOf(TEST_TOOLS)}/`,
      },
    },
    {
      name: "bundled",
      severity: "error",
      comment: `${BUNDLED.dependency} is for ${BUNDLED.file} alone: the build replaces that file.`,
      from: { path: "^packages/[^/]+/(src|bin)/", pathNot: `^${BUNDLED.file}$` },
      to: { path: `/node_modules/${BUNDLED.dependency}/` },
    },
    {
      name: "rxjs",
      severity: "error",
      comment: "RxJS is for packages that report changes to applications.",
      from: { path: "^packages/[^/]+/src/", pathNot: inSource(anyOf(WITH_RXJS)) },
      to: { path: "/node_modules/rxjs/" },
    },
  ],
  options: {
    // Imports of types are imports.
    tsPreCompilationDeps: true,
    // Keeps the paths of links: pnpm links a package only into the packages that declare it.
    preserveSymlinks: true,
    doNotFollow: { path: ["node_modules", "/dist/"] },
    skipAnalysisNotInRules: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["types", "import", "node", "default"],
    },
  },
};

/**
 * @param {string} path
 * @param {string[]} pathNot
 * @returns {import("dependency-cruiser").IForbiddenRuleType}
 */
function unlistedFolder(path, pathNot) {
  return {
    name: "unlisted-folder",
    severity: "error",
    comment: "Every folder has a place in FOLDERS.",
    from: { path, pathNot },
    to: {},
  };
}

/**
 * @param {string} folder
 * @returns {import("dependency-cruiser").IForbiddenRuleType}
 */
function indexRule(folder) {
  return {
    name: "past-index",
    severity: "error",
    comment: `Import what the index.ts of ${folder} exports.`,
    from: { path: "^packages/[^/]+/src/", pathNot: `^${folder}/` },
    to: { path: `^${folder}/(?!index\\.ts$)` },
  };
}

/**
 * A regular expression for the file in `dist/` that a specifier resolves to.
 *
 * @param {string} specifier
 */
function entryPoint(specifier) {
  const name = specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
  const folder = new URL(`packages/${name.replace(/^@demls\//, "")}/`, import.meta.url);
  const { exports } = JSON.parse(readFileSync(new URL("package.json", folder), "utf8"));
  const { types } = exports[`.${specifier.slice(name.length)}`];
  return `/node_modules/${name}/${types.slice(2).replaceAll(".", "\\.")}$`;
}

/**
 * @param {string} name
 * @param {readonly string[]} allowed
 * @returns {import("dependency-cruiser").IForbiddenRuleType}
 */
function layerRule(name, allowed) {
  return {
    name: "layer",
    severity: "error",
    comment: `${name} may import only what LAYERS names.`,
    from: { path: inSource(name) },
    to: { path: "/node_modules/(@demls|demls)/", pathNot: allowed.map(entryPoint) },
  };
}

/**
 * A rule for each folder except the highest: it must not import from those above it.
 *
 * @param {string} name
 * @param {readonly string[]} folders
 * @returns {import("dependency-cruiser").IForbiddenRuleType[]}
 */
function folderRules(name, folders) {
  const files = folders.filter((place) => place.endsWith(".ts"));
  const pathOf = (/** @type {string} */ place) => {
    if (place === ".") return `${inSource(name)}(?!${anyOf(files)}$)[^/]+$`;
    return `${inSource(name)}${place}${place.endsWith(".ts") ? "$" : "/"}`;
  };
  return folders.slice(1).map((place, index) => ({
    name: "folder-order",
    severity: "error",
    comment: `In ${name}, ${place} stands below ${folders.slice(0, index + 1).join(", ")}.`,
    from: { path: pathOf(place) },
    to: { path: folders.slice(0, index + 1).map(pathOf) },
  }));
}

/** @param {string} name a package, or the path of another folder */
function inSource(name) {
  return name === "interop" || name.includes("/") ? `^${name}/` : `^packages/${name}/src/`;
}

/** @param {readonly string[]} names */
function anyOf(names) {
  return `(${names.map((name) => name.replaceAll(".", "\\.")).join("|")})`;
}
