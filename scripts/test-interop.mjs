/**
 * `npm run test:interop`: builds the peer over the Rust crate, sets up what is missing, and lets members of both
 * implementations hold conversations together. Exit code 2 where it cannot be built here.
 */
import { spawnSync } from "node:child_process";

import { installDependencies, turbo } from "./setup.mjs";
import { run } from "./workspace.mjs";

/** What the Rust side is built with, and how to come by it. */
const TOOLS = [
  ["cargo", "install Rust from https://rustup.rs"],
  ["protoc", "install the package protobuf-compiler, or protobuf with Homebrew"],
];

const missing = TOOLS.filter(([tool = ""]) => spawnSync(tool, ["--version"]).status !== 0);
for (const [tool, remedy] of missing) console.error(`test:interop needs ${tool}: ${remedy}.`);
if (missing.length > 0) process.exit(2);

if (run("cargo", ["fetch", "--locked", "--quiet"], { folder: "interop/rust-peer" }) !== 0) {
  console.error("test:interop needs the crates of interop/rust-peer, and cargo cannot fetch them here.");
  process.exit(2);
}
installDependencies();
const CARGO = ["--release", "--locked", "--quiet"];
process.exitCode =
  turbo(["run", "build", "--filter=@demls/cli", "--output-logs=errors-only"]) ||
  run("cargo", ["build", ...CARGO], { folder: "interop/rust-peer" }) ||
  run("cargo", ["test", ...CARGO], { folder: "interop/rust-peer" }) ||
  run("vitest", ["run", "--allowOnly=false"], { folder: "interop" });
