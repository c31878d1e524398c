/** `npm run changesets`: checks that the first release has one changeset, for all packages. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { changesetFaults } from "./release/changeset-faults.mjs";
import { root, workspacePackages } from "./workspace/workspace.mjs";

const published = workspacePackages().filter(({ folder }) => folder.startsWith("packages"));
// `changeset version` writes them.
const isReleased = published.some(({ folder }) => existsSync(join(root, folder, "CHANGELOG.md")));
const folder = join(root, ".changeset");
const files = readdirSync(folder).filter((name) => name.endsWith(".md") && name !== "README.md");
const changesets = new Map(files.map((name) => [name, readFileSync(join(folder, name), "utf8")]));
const names = published.map(({ name }) => name);
const faults = isReleased ? [] : changesetFaults(changesets, names);
for (const fault of faults) process.stderr.write(`.changeset: ${fault}\n`);
process.exitCode = faults.length > 0 ? 1 : 0;
