import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runInNewContext } from "node:vm";

import { format, resolveConfig } from "prettier";

import { root } from "../workspace/workspace.mjs";
import { docOf, entriesOf, valueOf } from "./docstrings.mjs";

/** The generated page, relative to the root. */
export const PAGE = "docs/reference.md";

const CONFIG = "packages/session/src/model/config.ts";
const COMPATIBILITY = "packages/session/src/model/compatibility.ts";
const SESSION_CODES = "packages/session/src/model/error-code.ts";
const CONSENSUS_CODES = "packages/consensus/src/error-code.ts";
const LIMITS = "packages/session/src/model/limits.ts";
const JOIN_LIMITS = "packages/join/src/limits.ts";
const STEWARDS = "packages/steward/src/steward-list-config.ts";

/** Bounds that are separate exported constants. */
const SINGLE_BOUNDS = [
  ["packages/wire/src/decoded.ts", "MAX_PACKET_BYTES"],
  ["packages/steward/src/commit-candidate.ts", "COMMIT_BATCH_MAX"],
  [STEWARDS, "MAX_STEWARDS"],
  [CONFIG, "MIN_PROPOSAL_EXPIRATION_MS"],
  [CONFIG, "MIN_CONSENSUS_TIMEOUT_MS"],
  [CONFIG, "MAX_DURATION_MS"],
];

/** The text of the page: tables made from the docstrings and constants of the sources. */
export async function page() {
  const text = `# Reference

Bounds, settings, modes, events and error codes. \`npm run tables\` writes this page from the docstrings of the code;
W1 and so on are sections of [weaknesses.md](weaknesses.md).

## Bounds

\`LIMITS\` of [limits.ts](../${LIMITS}) bounds each buffer of a user and its conversations, \`JOIN_LIMITS\` what members and joiners spend on each other, and constants of their own bound messages and settings.

${bounds()}

## Settings

Callers pass these to \`createConversation\`, to \`join\` or to a plug-in; a value outside its range throws an error whose \`field\` names the setting.

### ConversationConfig

\`config\` of \`createConversation\` and \`join\`; a value outside its range throws \`invalid-config\`.

${settings(CONFIG, ["ConversationConfig"], "defaultConversationConfig")}

### StewardListConfig

\`stewards\` of \`createConversation\`; a value outside its range throws \`invalid-steward-list-config\`.

${settings(STEWARDS, ["StewardListConfig"], "defaultStewardListConfig")}

### ScoringConfig

\`scoring\` of \`createConversation\`; a value outside its range throws \`invalid-scoring-config\`.

${settings("packages/scoring/src/scoring-config.ts", ["ScoringConfig"], "defaultScoringConfig")}

### Score events

\`plugins.scoreDeltas\` changes the points of an event; they must be the same at all members.

${scoreEvents("packages/scoring/src/score-event.ts")}

### ConsensusConfig

Options of \`createHashgraphConsensus\`, of which [a mode supports some](modes.md#consensus-plug-ins).

${settings("packages/consensus/src/config.ts", ["ProposalConfig", "ConsensusConfig"], "defaultConsensusConfig")}

## Modes

\`CompatibilityPolicy\` of [compatibility.ts](../${COMPATIBILITY}) holds every difference between the two [compatibility modes](modes.md).

${modes()}

## Events

### ConversationEvent

\`events$\`, \`events()\` and \`handleEvents\` deliver these, each with its \`kind\`.

${events("packages/session/src/model/event.ts", "ConversationEvent")}

### LifecycleEvent

\`lifecycle$\` of a user emits these, each with its \`kind\`.

${events("packages/session/src/user/registry.ts", "LifecycleEvent")}

## Error codes

A \`DemlsError\` has one of these as its \`code\`, besides its \`message\`, a \`field\` where one is at fault, and a \`remedy\`.

${codes(SESSION_CODES, "SessionErrorCode")}

${codes("packages/demls/src/error-code.ts", "DemlsErrorCode")}

${codes(SESSION_CODES, "ErrorEventCode")}

${codes(CONSENSUS_CODES, "ConsensusMistakeCode")}

${codes("packages/consensus/src/service/error-code.ts", "ConsensusServiceMistakeCode")}

${codes(CONSENSUS_CODES, "ConsensusErrorCode")}

${codes("packages/transport-gossipsub/src/error-code.ts", "GossipsubErrorCode")}

${codes("packages/storage-level/src/error-code.ts", "LevelStorageErrorCode")}

${codes("packages/storage-encrypted/src/error-code.ts", "EncryptedStorageErrorCode")}

${codes("packages/join/src/error-code.ts", "JoinErrorCode")}
`;
  return format(text, { ...(await resolveConfig(join(root, PAGE))), parser: "markdown" });
}

function bounds() {
  const entries = [...limitsOf(LIMITS, "LIMITS"), ...limitsOf(JOIN_LIMITS, "JOIN_LIMITS")];
  const single = SINGLE_BOUNDS.map(([path = "", name = ""]) => ({
    name,
    value: valueOf(path, name),
    doc: docOf(path, name),
  }));
  const rows = [...entries, ...single].map(({ name, value, doc }) => {
    const [bound = "", beyond = ""] = doc.split("Beyond: ");
    return [code(name), shown(value, name), bound, beyond];
  });
  return table(["name", "value", "what it bounds", "beyond it"], rows);
}

/**
 * @param {string} path
 * @param {string} constant
 */
function limitsOf(path, constant) {
  const limits = valueOf(path, constant);
  return entriesOf(path, constant).map(({ name, doc }) => ({
    name: `${constant}.${name}`,
    value: limits[name],
    doc,
  }));
}

/**
 * @param {string} path
 * @param {readonly string[]} types the interface, after the interfaces that it extends
 * @param {string} defaults the constant that has the defaults
 */
function settings(path, types, defaults) {
  const values = valueOf(path, defaults);
  const rows = types.flatMap((type) =>
    entriesOf(path, type).map(({ name, doc, type: of, tagged }) => {
      if (runInNewContext(tagged ?? "") !== values[name]) {
        throw new Error(`${path}: the @default of ${name} is not that of ${defaults}.`);
      }
      return [code(name), shown(values[name]), name.endsWith("Ms") ? "ms" : code(of), doc];
    }),
  );
  return table(["name", "default", "unit", "meaning"], rows);
}

/** @param {string} path */
function scoreEvents(path) {
  const points = valueOf(path, "defaultScoreDeltas");
  const rows = entriesOf(path, "ScoreEvent").map(({ name, doc }) => [code(name), shown(points[name]), doc]);
  return table(["event", "points", "meaning"], rows);
}

function modes() {
  valueOf("packages/mls/src/client/strict-marker.ts", "STRICT_MARKER");
  const strict = valueOf(COMPATIBILITY, "strict");
  const deMls3 = valueOf(COMPATIBILITY, "deMls3");
  const rows = entriesOf(COMPATIBILITY, "CompatibilityPolicy").map(({ name, doc }) => [
    code(name),
    shown(strict[name]),
    shown(deMls3[name]),
    doc,
  ]);
  return table(["field", "`strict`", "`de-mls-3`", "meaning"], rows);
}

/**
 * @param {string} path
 * @param {string} union
 */
function events(path, union) {
  const rows = entriesOf(path, union).map(({ name, doc, fields }) => [
    code(name),
    fields.map((field) => code(field.name)).join(", "),
    [doc, ...fields.flatMap((field) => (field.doc === "" ? [] : [`${code(field.name)}: ${field.doc}`]))].join(
      " ",
    ),
  ]);
  return table(["`kind`", "fields", "meaning"], rows);
}

/**
 * @param {string} path
 * @param {string} union
 */
function codes(path, union) {
  const rows = entriesOf(path, union).map(({ name, doc }) => [code(name), doc]);
  const [introduction] = docOf(path, union).split(/(?<=\.) /);
  return `### ${union}\n\n${introduction}\n\n${table(["code", "meaning"], rows)}`;
}

/**
 * @param {readonly string[]} heading
 * @param {readonly (readonly string[])[]} rows
 */
function table(heading, rows) {
  const lines = [heading, heading.map(() => "---"), ...rows].map(
    (cells) => `| ${cells.map(cell).join(" | ")} |`,
  );
  return ["<!-- generated -->", "", ...lines, "", "<!-- /generated -->"].join("\n");
}

/** @param {string} text */
function cell(text) {
  return text.replaceAll("|", "\\|").replace(/\bW\d+\b/g, linkToWeakness);
}

/** @param {string} number such as `W3` */
function linkToWeakness(number) {
  const heading = readFileSync(join(root, "docs/weaknesses.md"), "utf8")
    .split("\n")
    .find((line) => line.startsWith(`## ${number}. `));
  if (heading === undefined) throw new Error(`docs/weaknesses.md has no section ${number}.`);
  const anchor = heading
    .slice(3)
    .toLowerCase()
    .replace(/[^\w -]/g, "")
    .replaceAll(" ", "-");
  return `[${number}](weaknesses.md#${anchor})`;
}

/** @param {string} text */
function code(text) {
  return text === "" ? "" : `\`${text}\``;
}

/**
 * @param {unknown} value
 * @param {string} [name] ends with the unit
 */
function shown(value, name = "") {
  if (typeof value === "function")
    return code(
      String(value)
        .replace(/^.*?=>/s, "")
        .replace(/\s+/g, " ")
        .trim(),
    );
  if (typeof value === "object") return code(JSON.stringify(value).replaceAll('"', ""));
  if (typeof value !== "number" && typeof value !== "bigint") return code(String(value));
  const written = value.toLocaleString("en");
  if (/ms$/i.test(name)) return `${written} ms`;
  if (!/bytes$/i.test(name) || Number(value) % 1_024 !== 0) return written;
  const kib = Number(value) / 1_024;
  return kib % 1_024 === 0 ? `${kib / 1_024} MiB` : `${kib} KiB`;
}
