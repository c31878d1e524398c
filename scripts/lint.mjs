/**
 * `npm run lint`: checks the code rules, the format, links, unused code, the generated tables and the
 * changesets. With `--all` it checks
 * also the commits, types, API reports and API reference, as `npm run check:static`.
 */
import { build, installDependencies } from "./workspace/setup.mjs";
import { runAll } from "./workspace/workspace.mjs";

/** The longest first, so that the run does not end with one of them alone. */
const others = process.argv.includes("--all")
  ? ["types", "docs", "api", "commits"].map((name) => /** @type {const} */ (["npm", "run", "--silent", name]))
  : [];

installDependencies();
// Type-aware rules read the built declarations of other packages.
process.exitCode =
  build() ||
  (await runAll([
    ["eslint", "."],
    ["prettier", "--check", "."],
    ...others,
    ["knip"],
    ["remark", ".", "--frail", "--quiet", "--no-stdout", "--ignore-path", ".gitignore"],
    ["node", "scripts/tables.mjs", "--check"],
    ["node", "scripts/changesets.mjs"],
  ]));
