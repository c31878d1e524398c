import { builtinModules } from "node:module";

import js from "@eslint/js";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

/** Library code: the packages that an application installs. The command-line program is itself an application. */
const LIBRARY = ["packages/*/src/**/*.ts"];
const NOT_LIBRARY = ["packages/cli/**"];

/** Files of `demls` with the platform's clock and randomness as defaults, and of MLS with WebCrypto. */
const PLATFORM_DEFAULTS = ["packages/demls/src/platform-*.ts", "packages/mls/src/crypto/subtle-web.ts"];

/** Files that only Node loads, by an import condition; other platforms load another version. */
const NODE_ONLY = [
  "packages/join/src/ed25519/*-node.ts",
  "packages/mls/src/crypto/*-node.ts",
  "packages/storage-level/src/node/*.ts",
];

/** Files that import only the interfaces of plug-ins, since the caller chooses the implementation. */
const INTERFACES_ONLY = ["session", "testkit", "join"].map((name) => `packages/${name}/src/**/*.ts`);

/** Exports that are default implementations of plug-ins. */
export const DEFAULT_IMPLEMENTATIONS = {
  "@demls/mls": ["createMlsService"],
  "@demls/steward": ["createDeterministicStewardList"],
  "@demls/scoring": ["createMapScoreStorage", "createPeerScoring"],
  "@demls/consensus": [
    "canonicalEthereumVerifier",
    "createConsensusEventBus",
    "createConsensusService",
    "createEthereumSigner",
    "createHashgraphConsensus",
    "createMemoryConsensusStorage",
    "createStoredConsensusStorage",
    "ethereumVerifier",
  ],
};

const INJECT = "Time, randomness and output are arguments: take a Clock, a RandomSource or a callback.";

const AMBIENT_GLOBALS = [
  "clearImmediate",
  "clearInterval",
  "clearTimeout",
  "console",
  "crypto",
  "performance",
  "process",
  "setImmediate",
  "setInterval",
  "setTimeout",
];

const AMBIENT_PROPERTIES = [
  { object: "Date", property: "now", message: INJECT },
  { object: "Math", property: "random", message: INJECT },
  ...AMBIENT_GLOBALS.map((property) => ({ object: "globalThis", property, message: INJECT })),
];

/** Imports that only Node has. */
const NODE_MODULES = [
  { group: ["node:*"], message: "Library code runs in browsers too." },
  {
    regex: `^(${builtinModules.filter((name) => !name.startsWith("_")).join("|")})$`,
    message: "Library code runs in browsers too.",
  },
];

/** Imports of default implementations; their types may be named. */
const IMPLEMENTATIONS = Object.entries(DEFAULT_IMPLEMENTATIONS).map(([name, importNames]) => ({
  name,
  importNames,
  allowTypeImports: true,
  message: "Take the interface, and the implementation as an argument.",
}));

export default defineConfig(
  globalIgnores(["**/dist/", "**/reports/", "**/.turbo/", "packages/wire/src/generated/"]),
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  js.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: {
        project: "tsconfig.json",
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      // `async` without `await` makes a function of a port reject where it would throw.
      "@typescript-eslint/require-await": "off",
      // Ports are declared with methods, but implemented with closures, which do not use `this`.
      "@typescript-eslint/unbound-method": "off",
    },
  },
  {
    files: ["**/*.mjs", "**/*.js"],
    languageOptions: {
      globals: Object.fromEntries(
        ["AbortController", "AbortSignal", "console", "process", "URL"].map((name) => [name, "readonly"]),
      ),
    },
  },
  {
    files: LIBRARY,
    ignores: [...NOT_LIBRARY, ...PLATFORM_DEFAULTS],
    rules: {
      "no-restricted-globals": ["error", ...AMBIENT_GLOBALS.map((name) => ({ name, message: INJECT }))],
      "no-restricted-properties": ["error", ...AMBIENT_PROPERTIES],
      "no-restricted-syntax": [
        "error",
        { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: INJECT },
        { selector: "CallExpression[callee.name='Date']", message: INJECT },
      ],
    },
  },
  {
    files: LIBRARY,
    ignores: [...NOT_LIBRARY, ...NODE_ONLY],
    rules: {
      "@typescript-eslint/no-restricted-imports": ["error", { patterns: NODE_MODULES }],
    },
  },
  {
    files: INTERFACES_ONLY,
    ignores: NODE_ONLY,
    rules: {
      "@typescript-eslint/no-restricted-imports": [
        "error",
        { patterns: NODE_MODULES, paths: IMPLEMENTATIONS },
      ],
    },
  },
  {
    files: ["packages/*/src/**/*.ts", "interop/*/src/**/*.ts"],
    rules: { "max-lines": ["error", 300], eqeqeq: ["error", "always", { null: "ignore" }] },
  },
  {
    files: ["packages/*/test/**/*.ts", "examples/*/test/**/*.ts", "interop/*/test/**/*.ts", "tests/**/*.ts"],
    // Arguments of matchers, such as `expect.objectContaining(…)`, have the type `any`.
    rules: { "@typescript-eslint/no-unsafe-assignment": "off" },
  },
);
