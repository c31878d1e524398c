// Generates src/generated/ from proto/. With `--check`, writes nothing and exits with status 1 if the committed files
// differ from the generated ones.

import { execFileSync } from "node:child_process";
import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, URL } from "node:url";

const packageDir = fileURLToPath(new URL("..", import.meta.url));
const generatedDir = join(packageDir, "src/generated");
const protoFiles = [
  "proto/consensus/v1/consensus.proto",
  "proto/messages/v1/application.proto",
  "proto/messages/v1/record.proto",
  "proto/messages/v1/repair.proto",
  "proto/messages/v1/welcome.proto",
];

const generated = generate();
if (process.argv.includes("--check")) {
  const stale = Object.entries(generated)
    .filter(([file, text]) => text !== readCommitted(file))
    .map(([file]) => file);
  if (stale.length > 0) {
    process.stderr.write(`Stale: ${stale.join(", ")} in src/generated. Run the script "generate".\n`);
    process.exitCode = 1;
  }
} else {
  mkdirSync(generatedDir, { recursive: true });
  for (const [file, text] of Object.entries(generated)) writeFileSync(join(generatedDir, file), text);
}

function generate() {
  const outputDir = mkdtempSync(join(tmpdir(), "demls-wire-"));
  try {
    // Two runs: types are generated from the comments of the code, and the published code has no comments.
    runPbjs(join(outputDir, "commented.js"), "--dts");
    runPbjs(join(outputDir, "bare.js"), "--no-comments");
    return {
      "messages.js": adaptCode(readFileSync(join(outputDir, "bare.js"), "utf8")),
      "messages.d.ts": adaptTypes(readFileSync(join(outputDir, "commented.d.ts"), "utf8")),
    };
  } finally {
    rmSync(outputDir, { recursive: true, force: true });
  }
}

/**
 * @param {string} outputFile
 * @param {string[]} options
 */
function runPbjs(outputFile, ...options) {
  const pbjs = createRequire(import.meta.url).resolve("protobufjs-cli/bin/pbjs");
  const target = ["-t", "static-module", "-w", "esm", "--es6", "--dependency", "protobufjs/minimal.js"];
  const omitted = ["create", "verify", "convert", "delimited", "typeurl", "service"].map(
    (name) => `--no-${name}`,
  );
  const args = [pbjs, ...target, ...omitted, ...options, "-p", "proto", "-o", outputFile, ...protoFiles];
  execFileSync(process.execPath, args, { cwd: packageDir });
}

/** @param {string} code */
function adaptCode(code) {
  // All users of protobufjs share this registry, so that importing this package must not change it.
  const ownRoot = replaceAll(
    code,
    /const \$root = \$protobuf\.roots\["default"\] \|\| \(\$protobuf\.roots\["default"\] = \{\}\);/g,
    "/** @type {any} */\nconst $root = {};",
  );
  // messages.d.ts has the types. Without an annotation tsc would try to infer declarations here, and fail.
  const annotated = replaceAll(ownRoot, /^export const /gm, "/** @type {any} */\nexport const ");
  // A known field with a wrong wire type. protobufjs would skip it as unknown, but prost rejects it, and both
  // implementations must read the same values from the same bytes.
  return replaceAll(
    annotated,
    /if \(wireType !== (\d)\)\n(\s+)break;/g,
    'if (wireType !== $1)\n$2throw $Error("wrong wire type");',
  );
}

/** @param {string} types */
function adaptTypes(types) {
  // `long` is a dependency of protobufjs and not of this package. protobufjs declares the type itself.
  return replaceAll(types, /import Long = require\("long"\);/g, "type Long = $protobuf.Long;");
}

/**
 * Like `String.replaceAll`, but throws if nothing matches, for example after a change of the generator.
 *
 * @param {string} text
 * @param {RegExp} pattern
 * @param {string} replacement
 */
function replaceAll(text, pattern, replacement) {
  const replaced = text.replaceAll(pattern, replacement);
  if (replaced === text) throw new Error(`The generator's output no longer contains ${pattern}`);
  return replaced;
}

/** @param {string} file */
function readCommitted(file) {
  try {
    return readFileSync(join(generatedDir, file), "utf8");
  } catch {
    return undefined;
  }
}
