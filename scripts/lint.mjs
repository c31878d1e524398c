/** `npm run lint`: checks the code rules, the format, links, unused code and the generated tables. */
import { installDependencies, turbo } from "./workspace/setup.mjs";
import { runAll } from "./workspace/workspace.mjs";

installDependencies();
// Type-aware rules read the built declarations of other packages.
process.exitCode =
  turbo(["run", "build", "--output-logs=errors-only"]) ||
  runAll([
    ["eslint", ["."]],
    ["prettier", ["--check", "."]],
    ["remark", [".", "--frail", "--quiet", "--no-stdout", "--ignore-path", ".gitignore"]],
    ["knip", []],
    ["node", ["scripts/tables.mjs", "--check"]],
  ]);
