/** `npm run build`: every package, in the order of their dependencies. */
<<<<<<< HEAD
import { join } from "node:path";

import { installDependencies, turbo } from "./setup.mjs";
import { removeStaleOutputs } from "./stale-outputs.mjs";
import { root, workspacePackages } from "./workspace.mjs";
=======
import { installDependencies, turbo } from "./workspace/setup.mjs";
>>>>>>> h-circles

installDependencies();
process.exitCode = turbo(["run", "build", ...process.argv.slice(2)]);
removeStaleOutputs(workspacePackages().map(({ folder }) => join(root, folder)));
