/** What the interoperability tests have in Rust, and how it is built. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";

import { root, run } from "./workspace.mjs";

/** A member of de-mls 3.0.0. */
export const RUST_PEER = "interop/rust-peer";

/** A node of rust-libp2p. */
const RUST_GOSSIPSUB = "interop/rust-gossipsub";

/** How cargo is to build, and test. */
export const CARGO = ["--release", "--locked", "--quiet"];

/** What it is built with, and how to come by it. */
const TOOLS = [
  ["cargo", "install Rust from https://rustup.rs"],
  ["protoc", "install the package protobuf-compiler, or protobuf with Homebrew"],
];

/**
 * Builds both crates and their tests, as far as they are not built.
 *
 * @returns {number} 0; 2 where they cannot be built on this machine; 1 where that is their own fault
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
    // That the lock file does not fit is a failure; that there is no network is this machine's affair.
    return /lock file/i.test(fetched.stderr) ? 1 : 2;
  }
  const code =
    run("cargo", ["build", ...CARGO], { folder: RUST_PEER }) ||
    run("cargo", ["test", "--no-run", ...CARGO], { folder: RUST_PEER }) ||
    run("cargo", ["build", ...CARGO], { folder: RUST_GOSSIPSUB });
  return code === 0 ? 0 : 1;
}
