/** `npm run sizes`: bundles the packages as an application would, and writes the sizes into docs/sizes.md. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { build, installDependencies } from "./workspace/setup.mjs";
import { measure, withSizes } from "./bundle-sizes/size-table.mjs";
import { root, run } from "./workspace/workspace.mjs";

const PAGE = "docs/sizes.md";

installDependencies();
const built = build();
if (built !== 0) process.exit(built);
writeFileSync(join(root, PAGE), withSizes(readFileSync(join(root, PAGE), "utf8"), await measure()));
process.exitCode = run("prettier", ["--write", PAGE]);
