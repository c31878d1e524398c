/**
 * `npm run test:network`: builds the command `demls`, and tests groups of its processes over loopback: groups that lose
 * members without warning, and one that a hostile peer floods.
 */
import { installDependencies, turbo } from "./workspace/setup.mjs";
import { run } from "./workspace/workspace.mjs";

installDependencies();
process.exitCode =
  turbo(["run", "build", "--filter=@demls/cli", "--output-logs=errors-only"]) ||
  run("vitest", ["run", "--mode", "network", "--allowOnly=false"]);
