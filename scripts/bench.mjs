/**
 * `npm run bench [-- --only NAME] [--fast] [--write docs/bench.md]`: what things cost, beside bare ts-mls and, where
 * cargo is there, beside the Rust crate. See docs/bench.md.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";

import { installDependencies, turbo } from "./workspace/setup.mjs";
import { root, run } from "./workspace/workspace.mjs";

const RUST_PEER = "interop/rust-peer";

installDependencies();
process.exitCode =
  turbo(["run", "build", "--filter=@demls/bench", "--output-logs=errors-only"], { output: "stderr" }) ||
  run("node", ["--expose-gc", "bench/dist/main.js", ...rustOption(), ...process.argv.slice(2)]);

/** The Rust crate's side is left out where it cannot be built. */
function rustOption() {
  if (spawnSync("cargo", ["--version"]).status !== 0) return [];
  console.error("Building the Rust crate's bench; the first time takes minutes.");
  const built = run("cargo", ["build", "--profile", "measured", "--locked", "--quiet"], {
    folder: RUST_PEER,
  });
  return built === 0 ? ["--rust", join(root, RUST_PEER, "target/measured/rust-peer")] : [];
}
