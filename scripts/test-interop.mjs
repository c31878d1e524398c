/**
 * `npm run test:interop`: builds what is written in Rust, sets up what is missing, lets members of both de-MLS
 * implementations hold conversations together, and our packets travel by way of other implementations of gossipsub.
 * Exit code 2 where it cannot be built here.
 */
import { buildRust, CARGO, RUST_PEER } from "./workspace/rust.mjs";
import { installDependencies, turbo } from "./workspace/setup.mjs";
import { run } from "./workspace/workspace.mjs";

const built = buildRust();
if (built !== 0) process.exit(built);
installDependencies();
// The command that starts the peer is built with it.
const OURS = ["--filter=@demls-tests/peer", "--filter=@demls/transport-gossipsub"];
const code =
  turbo(["run", "build", ...OURS, "--output-logs=errors-only"]) ||
  run("cargo", ["test", ...CARGO], { folder: RUST_PEER }) ||
  run("vitest", ["run", "--mode", "interop", "--allowOnly=false"]);
// Whatever a tool of these says with 2, it is a failure.
process.exitCode = code === 0 ? 0 : 1;
