/** `npm run example -- <name>`: installs and builds missing parts, then runs the example of that folder. */
import { basename } from "node:path";

import { build, installDependencies } from "./workspace/setup.mjs";
import { run, workspacePackages } from "./workspace/workspace.mjs";

const [name, ...options] = process.argv.slice(2);
const examples = workspacePackages().filter(({ folder }) => folder.startsWith("examples"));
const example = examples.find(({ folder }) => basename(folder) === name);

if (example === undefined) {
  const names = examples.map(({ folder }) => basename(folder));
  process.stderr.write(`npm run example -- <name>, which is one of: ${names.join(", ")}\n`);
  process.exit(1);
}
installDependencies();
// Standard output is reserved for the example, so that it can be compared and piped.
const built = build([example.name], {
  output: "stderr",
});
process.exitCode =
  built === 0 ? run("node", ["dist/main.js", ...options], { folder: example.folder }) : built;
