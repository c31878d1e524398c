/** `npm run format`: installs missing dependencies, then formats every file. */
import { installDependencies } from "./workspace/setup.mjs";
import { run } from "./workspace/workspace.mjs";

installDependencies();
process.exitCode = run("prettier", ["--write", "."]);
