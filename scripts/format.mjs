/** `npm run format`: sets up what is missing, then writes every file in the house's format. */
import { installDependencies } from "./workspace/setup.mjs";
import { run } from "./workspace/workspace.mjs";

installDependencies();
process.exitCode = run("prettier", ["--write", "."]);
