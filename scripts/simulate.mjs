/**
 * `npm run simulate -- [--lives N] [--faults KINDS] [--seed S]`: plays lives of conversations in virtual time, and counts
 * those that end whole. See simulator/README.md.
 */
import { installDependencies, turbo } from "./workspace/setup.mjs";
import { run } from "./workspace/workspace.mjs";

installDependencies();
process.exitCode =
  turbo(["run", "build", "--filter=@demls-tests/simulator", "--output-logs=errors-only"], {
    output: "stderr",
  }) || run("node", ["simulator/dist/main.js", ...process.argv.slice(2)]);
