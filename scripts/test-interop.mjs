/**
 * `npm run test:interop`: builds the peer over the Rust crate, sets up what is missing, and lets members of both
 * implementations hold conversations together. Exit code 2 where it cannot be built here.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";

import { installDependencies, turbo } from "./setup.mjs";
import { root, run } from "./workspace.mjs";

/** What the Rust side is built with, and how to come by it. */
const TOOLS = [
  ["cargo", "install Rust from https://rustup.rs"],
  ["protoc", "install the package protobuf-compiler, or protobuf with Homebrew"],
];

const commandOf = (/** @type {string} */ tool) => (tool === "protoc" && process.env["PROTOC"]) || tool;
const missing = TOOLS.filter(([tool = ""]) => spawnSync(commandOf(tool), ["--version"]).status !== 0);
for (const [tool, remedy] of missing) console.error(`test:interop needs ${tool}: ${remedy}.`);
if (missing.length > 0) process.exit(2);

const fetched = spawnSync("cargo", ["fetch", "--locked"], {
  cwd: join(root, "interop/rust-peer"),
  encoding: "utf8",
});
if (fetched.status !== 0) {
  console.error(
    `test:interop needs the crates of interop/rust-peer, and cargo cannot fetch them:\n${fetched.stderr}`,
  );
  // That the lock file does not fit is a failure; that there is no network is this machine's affair.
  process.exit(/lock file/i.test(fetched.stderr) ? 1 : 2);
}
installDependencies();
const CARGO = ["--release", "--locked", "--quiet"];
const code =
  turbo(["run", "build", "--filter=@demls/cli", "--output-logs=errors-only"]) ||
  run("cargo", ["build", ...CARGO], { folder: "interop/rust-peer" }) ||
  run("cargo", ["test", ...CARGO], { folder: "interop/rust-peer" }) ||
  run("vitest", ["run", "--allowOnly=false"], { folder: "interop" });
// Whatever a tool of these says with 2, it is a failure.
process.exitCode = code === 0 ? 0 : 1;
