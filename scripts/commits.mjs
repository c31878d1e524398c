/** `npm run commits`: checks that commit messages are Conventional Commits, except those of merges. */
import { execFileSync } from "node:child_process";

import { installDependencies } from "./workspace/setup.mjs";
import { root, run } from "./workspace/workspace.mjs";

/** Earlier commits are exempt: the rule is newer than they are. */
const SINCE = "2026-11-22T14:50:00Z";

installDependencies();
/** First commit of this clone, which may be shallow. */
const [first = "HEAD"] = execFileSync("git", ["rev-list", "--max-parents=0", "HEAD"], {
  cwd: root,
  encoding: "utf8",
}).split("\n");
process.exitCode = run("commitlint", ["--from", first, `--git-log-args=--since=${SINCE}`]);
