/** `npm run types`: checks the types of every package with its own settings, then of all tests and scripts. */
import { build, installDependencies } from "./workspace/setup.mjs";
import { run } from "./workspace/workspace.mjs";

installDependencies();
process.exitCode = build() || run("tsc", ["-p", "."]);
