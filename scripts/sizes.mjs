/** `npm run sizes`: bundles the packages as applications would, and writes docs/sizes.md. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { installDependencies, turbo } from "./workspace/setup.mjs";
import { measure, page } from "./bundle-sizes/size-table.mjs";
import { root } from "./workspace/workspace.mjs";

installDependencies();
const built = turbo(["run", "build", "--filter=./packages/*", "--output-logs=errors-only"]);
if (built !== 0) process.exit(built);
writeFileSync(join(root, "docs/sizes.md"), page(await measure()));
