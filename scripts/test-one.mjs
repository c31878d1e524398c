/**
 * `npm run test:one -- <package> [arguments of vitest]`: builds what a package needs, then runs its tests, or those
 * that the arguments choose.
 */
import { installDependencies, turbo } from "./workspace/setup.mjs";
import { run, workspacePackages } from "./workspace/workspace.mjs";

const [wanted, ...args] = process.argv.slice(2);
const tested = workspacePackages().filter(({ scripts }) => "test" in scripts);
const names = tested.map(({ folder }) => folder.replace(/^\w+\//, ""));
const chosen = tested[names.findIndex((name) => name === wanted)];

if (chosen === undefined) {
  process.stderr.write(`npm run test:one -- <package>, which is one of: ${names.join(", ")}\n`);
  process.exit(1);
}
installDependencies();
process.exitCode =
  turbo(["run", "build", `--filter=${chosen.name}`, "--output-logs=errors-only"]) ||
  run("vitest", ["run", ...args], { folder: chosen.folder });
