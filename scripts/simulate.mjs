/**
 * `npm run simulate -- [--lives N] [--faults KINDS] [--seed S]`: plays lives of conversations in virtual time, and counts
 * those that end whole. See simulator/README.md.
 */
import { build, installDependencies } from "./workspace/setup.mjs";
import { run } from "./workspace/workspace.mjs";

installDependencies();
process.exitCode =
  build(["@demls-tests/simulator"], {
    output: "stderr",
  }) || run("node", ["simulator/dist/main.js", ...process.argv.slice(2)]);
