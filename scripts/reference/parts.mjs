import { readFileSync } from "node:fs";
import { join } from "node:path";

import { format, resolveConfig } from "prettier";

import { LAYERS } from "../../.dependency-cruiser.mjs";
import { root } from "../workspace/workspace.mjs";
import { entriesOf } from "./docstrings.mjs";

const COMPATIBILITY = "packages/session/src/model/compatibility.ts";
const TIMERS = "packages/session/src/step/timer-kinds.ts";

/** The generated parts of pages, by page and name of the part: text between two comments. */
const PARTS = {
  "README.md": { packages },
  "docs/architecture.md": { timers },
  "docs/modes.md": { differences },
};

/** Labels of the packages in the picture. The testkit is for tests, and not drawn. */
const LABELS = {
  cli: "chat, demo",
  demls: "defaults wired: start here",
  session: "the conversation",
  join: "invitations",
  mls: "groups as values",
  consensus: "signed votes",
  steward: "who commits",
  scoring: "peer scores",
  "transport-memory": "in one process",
  "transport-gossipsub": "over libp2p",
  "storage-memory": "in one process",
  "storage-level": "over LevelDB, IndexedDB",
  "storage-encrypted": "around a storage",
  wire: "messages",
  "wire/core": "ports, ids, errors",
};

/** The pages that have generated parts, with their present text. */
export async function pagesWithParts() {
  return Promise.all(
    Object.entries(PARTS).map(async ([path, parts]) => {
      const file = join(root, path);
      let text = readFileSync(file, "utf8");
      for (const [name, write] of Object.entries(parts)) text = withPart(path, text, name, write());
      return { path, text: await format(text, { ...(await resolveConfig(file)), parser: "markdown" }) };
    }),
  );
}

/**
 * @param {string} path
 * @param {string} text
 * @param {string} name
 * @param {string} part
 * @throws if the page has no such part
 */
export function withPart(path, text, name, part) {
  const begin = `<!-- generated: ${name} -->`;
  const end = "<!-- /generated -->";
  const from = text.indexOf(begin);
  const to = text.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`${path} has no part "${name}": ${begin} … ${end}`);
  return `${text.slice(0, from)}${begin}${part}${text.slice(to)}`;
}

/** The packages, and the arrows of their imports that no longer way shows. */
function packages() {
  const lines = arrows(LAYERS).map(
    ([from, to]) =>
      `  ${node(from)}${labelOf(from)}${to.length > 0 ? " --> " : ""}${to.map(node).join(" & ")}`,
  );
  return `\n\n\`\`\`mermaid\nflowchart TD\n${lines.join("\n")}\n\`\`\`\n\n`;
}

/**
 * Packages with those that they import, without an arrow that a longer way implies.
 *
 * @param {Readonly<Record<string, readonly string[]>>} layers
 * @returns {readonly (readonly [string, readonly string[]])[]}
 */
export function arrows(layers) {
  const below = new Map([
    ["wire/core", []],
    ...Object.entries(layers).map(([name, to]) => importsOf(name, to)),
  ]);
  /** @param {string} name @returns {readonly string[]} */
  const reach = (name) => (below.get(name) ?? []).flatMap((other) => [other, ...reach(other)]);
  return [...below]
    .filter(([name]) => name !== "testkit")
    .map(([name, direct]) => {
      const implied = new Set(direct.flatMap(reach));
      return /** @type {const} */ ([name, direct.filter((other) => !implied.has(other))]);
    })
    .reverse();
}

/**
 * @param {string} name
 * @param {readonly string[]} specifiers
 * @returns {[string, readonly string[]]}
 */
function importsOf(name, specifiers) {
  const others = specifiers.map((specifier) => {
    const path = specifier.replace(/^@demls\//, "");
    return path === "wire/core" ? path : (path.split("/")[0] ?? "");
  });
  return [name, [...new Set(name === "wire" ? ["wire/core"] : others)]];
}

/** @param {string} name */
function node(name) {
  return name.replaceAll(/[-/]/g, "_");
}

/** @param {string} name */
function labelOf(name) {
  const label = Object.entries(LABELS).find(([of]) => of === name)?.[1];
  if (label === undefined) throw new Error(`The picture of packages has no label for ${name}.`);
  return `["${name === "demls" ? name : `@demls/${name}`}<br/>${label}"]`;
}

function timers() {
  const lines = entriesOf(TIMERS, "TimerKind").map(({ name, doc }) => `- \`${name}\`: ${doc}`);
  return `\n\n${lines.join("\n")}\n\n`;
}

/** The number of differences between the modes, and those that are no remedies for weaknesses. */
function differences() {
  const fields = entriesOf(COMPATIBILITY, "CompatibilityPolicy").filter(({ name }) => name !== "mode");
  const others = fields.filter(({ doc }) => !/\bW\d+\b/.test(doc)).map(({ name }) => `\`${name}\``);
  const remedies = fields.length - others.length;
  return `\n\nOf ${fields.length} differences, ${remedies} are remedies for [weaknesses](weaknesses.md) of 3.0.0. The others are ${others.join(", ")}.\n\n`;
}
