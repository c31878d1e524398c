/** `npm run commits`: holds that commit messages are Conventional Commits. Merges are left out. */
import { execFileSync } from "node:child_process";

import { installDependencies } from "./workspace/setup.mjs";
import { root, run } from "./workspace/workspace.mjs";

/** The rule is younger than the repository. */
const SINCE = "2026-11-22T14:50:00Z";

installDependencies();
/** A clone may begin anywhere. */
const [first = "HEAD"] = execFileSync("git", ["rev-list", "--max-parents=0", "HEAD"], {
  cwd: root,
  encoding: "utf8",
}).split("\n");
process.exitCode = run("commitlint", ["--from", first, `--git-log-args=--since=${SINCE}`]);
