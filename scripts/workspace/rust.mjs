/** The Rust crates of the interoperability tests, and their build. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";

import { root, run } from "./workspace.mjs";

/** A member of de-mls 3.0.0. */
export const RUST_PEER = "interop/rust-peer";

/** A node of rust-libp2p. */
const RUST_GOSSIPSUB = "interop/rust-gossipsub";

/** Cargo arguments for build and test. */
export const CARGO = ["--release", "--locked", "--quiet"];

/** Required tools, and how to install them. */
const TOOLS = [
  ["cargo", "install Rust from https://rustup.rs"],
  ["protoc", "install the package protobuf-compiler, or protobuf with Homebrew"],
];

/**
 * Builds both crates and their tests.
 *
 * @returns {number} 0 on success; 2 if this machine cannot build them; 1 for any other failure
 */
export function buildRust() {
  const commandOf = (/** @type {string} */ tool) => (tool === "protoc" && process.env["PROTOC"]) || tool;
  const missing = TOOLS.filter(([tool = ""]) => spawnSync(commandOf(tool), ["--version"]).status !== 0);
  for (const [tool, remedy] of missing) console.error(`test:interop needs ${tool}: ${remedy}.`);
  if (missing.length > 0) return 2;

  for (const crate of [RUST_PEER, RUST_GOSSIPSUB]) {
    const fetched = spawnSync("cargo", ["fetch", "--locked"], { cwd: join(root, crate), encoding: "utf8" });
    if (fetched.status === 0) continue;
    console.error(
      `test:interop needs the crates of ${crate}, and cargo cannot fetch them:\n${fetched.stderr}`,
    );
    // An outdated lock file is a failure of the project; a missing network is not.
    return /lock file/i.test(fetched.stderr) ? 1 : 2;
  }
  const code =
    run("cargo", ["build", ...CARGO], { folder: RUST_PEER }) ||
    run("cargo", ["test", "--no-run", ...CARGO], { folder: RUST_PEER }) ||
    run("cargo", ["build", ...CARGO], { folder: RUST_GOSSIPSUB });
  return code === 0 ? 0 : 1;
}
