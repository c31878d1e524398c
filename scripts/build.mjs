/** `npm run build`: builds every package, in the order of their dependencies. */
import { join } from "node:path";

import { build, installDependencies } from "./workspace/setup.mjs";
import { removeStaleOutputs } from "./workspace/stale-outputs.mjs";
import { root, workspacePackages } from "./workspace/workspace.mjs";

installDependencies();
process.exitCode = build();
removeStaleOutputs(workspacePackages().map(({ folder }) => join(root, folder)));
