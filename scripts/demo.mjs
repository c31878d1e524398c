/** `npm run demo -- [options]`: installs and builds missing parts, then runs `demls demo [options]`. */
import { build, installDependencies } from "./workspace/setup.mjs";
import { run } from "./workspace/workspace.mjs";

installDependencies();
// Standard output is reserved for the demo, so that it can be compared and piped.
const built = build(["@demls/cli"], {
  output: "stderr",
});
process.exitCode =
  built === 0 ? run("node", ["packages/cli/bin/demls.js", "demo", ...process.argv.slice(2)]) : built;
