/** `npm run build`: every package, in the order of their dependencies. */
import { installDependencies, turbo } from "./workspace/setup.mjs";

installDependencies();
process.exitCode = turbo(["run", "build", ...process.argv.slice(2)]);
