/** `npm run demo -- [options]`: installs and builds missing parts, then runs `demls demo [options]`. */
import { buildQuietly, installDependencies } from "./workspace/setup.mjs";
import { run } from "./workspace/workspace.mjs";

installDependencies();
// Standard output is reserved for the demo, so that it can be compared and piped.
const built = await buildQuietly("@demls/cli");
process.exitCode =
  built === 0 ? run("node", ["packages/cli/bin/demls.js", "demo", ...process.argv.slice(2)]) : built;
