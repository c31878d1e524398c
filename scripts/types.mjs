/** `npm run types`: checks the types of every package with its own settings, then of all tests and scripts. */
import { installDependencies, turbo } from "./workspace/setup.mjs";
import { run } from "./workspace/workspace.mjs";

installDependencies();
process.exitCode = turbo(["run", "build", "--output-logs=errors-only"]) || run("tsc", ["-p", "."]);
