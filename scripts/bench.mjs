/**
 * `npm run bench [-- --only NAME] [--fast] [--write docs/bench.md]`: the CPU time of operations, compared with bare
 * ts-mls and, if cargo is installed, with the Rust crate. See docs/bench.md.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";

import { build, installDependencies } from "./workspace/setup.mjs";
import { root, run } from "./workspace/workspace.mjs";

const RUST_PEER = "interop/rust-peer";

installDependencies();
process.exitCode =
  build(["@demls/bench"], { output: "stderr" }) ||
  run("node", ["--expose-gc", "bench/dist/main.js", ...rustOption(), ...process.argv.slice(2)]);

/** Without the Rust crate's figures if it cannot be built. */
function rustOption() {
  if (spawnSync("cargo", ["--version"]).status !== 0) return [];
  console.error("Building the Rust crate's bench; the first time takes minutes.");
  const built = run("cargo", ["build", "--profile", "measured", "--locked", "--quiet"], {
    folder: RUST_PEER,
  });
  return built === 0 ? ["--rust", join(root, RUST_PEER, "target/measured/rust-peer")] : [];
}
