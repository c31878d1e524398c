/**
 * `npm run tables`: generates docs/reference.md from the code.
 * `npm run tables -- --check` fails if the page is out of date.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { page, PAGE } from "./reference/page.mjs";
import { root } from "./workspace/workspace.mjs";

const now = await page();
const file = join(root, PAGE);
if (!process.argv.includes("--check")) {
  writeFileSync(file, now);
} else if (readFileSync(file, "utf8") !== now) {
  console.log(`${PAGE} is out of date. Run: npm run tables`);
  process.exitCode = 1;
}
