/**
 * `npm run test:network`: builds the command `demls`, and tests groups of its processes over loopback: groups that lose
 * members without warning, and one that a hostile peer floods. `--long`: members are away for minutes, as the names of
 * the tests say, and not for a thirtieth of that.
 */
import { build, installDependencies } from "./workspace/setup.mjs";
import { run } from "./workspace/workspace.mjs";

const isLong = process.argv.includes("--long");

installDependencies();
process.exitCode =
  build(["@demls/cli"]) ||
  run("vitest", ["run", "--mode", "network", "--allowOnly=false"], {
    env: isLong ? { DEMLS_LONG: "1" } : {},
  });
