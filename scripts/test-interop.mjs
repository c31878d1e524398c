/**
 * `npm run test:interop`: builds the Rust programs, installs and builds missing parts, and tests conversations between
 * members of both de-MLS implementations, and packets sent through other implementations of gossipsub. Exit code 2 if
 * this machine cannot build the Rust programs.
 */
import { buildRust, CARGO, RUST_PEER } from "./workspace/rust.mjs";
import { build, installDependencies } from "./workspace/setup.mjs";
import { run } from "./workspace/workspace.mjs";

const built = buildRust();
if (built !== 0) process.exit(built);
installDependencies();
// Also builds the command `demls`, which starts the peer.
const OURS = ["@demls-tests/peer", "@demls/transport-gossipsub", "@demls-examples/rust-members"];
const code =
  build(OURS) ||
  run("cargo", ["test", ...CARGO], { folder: RUST_PEER }) ||
  run("vitest", ["run", "--mode", "interop", "--allowOnly=false"]);
// An exit code 2 of these tools is a failure.
process.exitCode = code === 0 ? 0 : 1;
