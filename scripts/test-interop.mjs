/**
 * `npm run test:interop`: builds what is written in Rust, sets up what is missing, lets members of both de-MLS
 * implementations hold conversations together, and our packets travel by way of other implementations of gossipsub.
 * Exit code 2 where it cannot be built here.
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

const RUST_PEER = "interop/rust-peer";
const RUST_GOSSIPSUB = "interop/rust-gossipsub";

const commandOf = (/** @type {string} */ tool) => (tool === "protoc" && process.env["PROTOC"]) || tool;
const missing = TOOLS.filter(([tool = ""]) => spawnSync(commandOf(tool), ["--version"]).status !== 0);
for (const [tool, remedy] of missing) console.error(`test:interop needs ${tool}: ${remedy}.`);
if (missing.length > 0) process.exit(2);

for (const crate of [RUST_PEER, RUST_GOSSIPSUB]) {
  const fetched = spawnSync("cargo", ["fetch", "--locked"], { cwd: join(root, crate), encoding: "utf8" });
  if (fetched.status === 0) continue;
  console.error(`test:interop needs the crates of ${crate}, and cargo cannot fetch them:\n${fetched.stderr}`);
  // That the lock file does not fit is a failure; that there is no network is this machine's affair.
  process.exit(/lock file/i.test(fetched.stderr) ? 1 : 2);
}
installDependencies();
const OURS = ["--filter=@demls/cli", "--filter=@demls/transport-gossipsub"];
const CARGO = ["--release", "--locked", "--quiet"];
const code =
  turbo(["run", "build", ...OURS, "--output-logs=errors-only"]) ||
  run("cargo", ["build", ...CARGO], { folder: RUST_PEER }) ||
  run("cargo", ["test", ...CARGO], { folder: RUST_PEER }) ||
  run("cargo", ["build", ...CARGO], { folder: RUST_GOSSIPSUB }) ||
  run("vitest", ["run", "--allowOnly=false"], { folder: "interop" });
// Whatever a tool of these says with 2, it is a failure.
process.exitCode = code === 0 ? 0 : 1;
