import { join } from "node:path";

import ts from "typescript";

import { root } from "./workspace.mjs";

/**
 * One subpath of a package, and its declarations relative to the root.
 *
 * @typedef {object} Entry
 * @property {string} specifier such as `@demls/wire/core`
 * @property {string} types
 */

/**
 * Numbers of names that an entry exports.
 *
 * @typedef {object} ExportCount
 * @property {string} specifier
 * @property {number} values functions, classes and constants
 * @property {number} types interfaces and type aliases
 */

/** Maximum numbers of names for the entries that applications import, so that a reader can learn all of them. */
const LIMITS = new Map(
  ["demls", "@demls/session"].map((specifier) => [specifier, { values: 35, types: 70 }]),
);

/**
 * Counts the exports of built entries.
 *
 * @param {readonly Entry[]} entries
 * @returns {readonly ExportCount[]}
 */
export function countExports(entries) {
  const files = entries.map(({ types }) => join(root, types));
  const program = ts.createProgram(files, {
    noEmit: true,
    skipLibCheck: true,
    types: [],
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
  });
  const checker = program.getTypeChecker();
  return entries.map(({ specifier }, index) => {
    const source = program.getSourceFile(files[index] ?? "");
    const module = source && checker.getSymbolAtLocation(source);
    if (module === undefined) throw new Error(`${specifier} has no declarations.`);
    const symbols = checker.getExportsOfModule(module).map((symbol) => resolved(checker, symbol));
    const values = symbols.filter(({ flags }) => (flags & ts.SymbolFlags.Value) !== 0).length;
    return { specifier, values, types: symbols.length - values };
  });
}

/**
 * Entries with too many exports, one line each.
 *
 * @param {readonly ExportCount[]} counts
 * @returns {readonly string[]}
 */
export function beyondLimits(counts) {
  return counts.flatMap(({ specifier, values, types }) => {
    const limit = LIMITS.get(specifier);
    if (limit === undefined || (values <= limit.values && types <= limit.types)) return [];
    const told = `${values} values and ${types} types`;
    return [
      `${specifier} exports ${told}; the maximum is ${limit.values} and ${limit.types}. Move some to a subpath.`,
    ];
  });
}

/**
 * The page etc/exports.md.
 *
 * @param {readonly ExportCount[]} counts
 */
export function page(counts) {
  const rows = counts.map(({ specifier, values, types }) => [`\`${specifier}\``, `${values}`, `${types}`]);
  const width = Math.max(...rows.map(([name = ""]) => name.length));
  /** @param {readonly string[]} row */
  const line = (/** @type {readonly string[]} */ [name = "", values = "", types = ""]) =>
    `| ${name.padEnd(width)} | ${values.padStart(6)} | ${types.padStart(5)} |`;
  const most = [...LIMITS].map(([specifier, { values, types }]) => `\`${specifier}\` ${values} and ${types}`);
  return [
    "# Exports",
    "",
    "How many names each entry exports: written by `npm run api -- --update`.",
    `At most: ${most.join(", ")}.`,
    "",
    line(["entry", "values", "types"]),
    `| ${"-".repeat(width)} | -----: | ----: |`,
    ...rows.map(line),
    "",
  ].join("\n");
}

/**
 * @param {ts.TypeChecker} checker
 * @param {ts.Symbol} symbol
 */
function resolved(checker, symbol) {
  return (symbol.flags & ts.SymbolFlags.Alias) === 0 ? symbol : checker.getAliasedSymbol(symbol);
}
