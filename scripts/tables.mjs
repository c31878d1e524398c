/**
 * `npm run tables`: writes docs/reference.md, the tables of what the code says.
 * `npm run tables -- --check` fails where the page says something else.
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
  console.log(`${PAGE} is not what the code says. Write it anew by: npm run tables`);
  process.exitCode = 1;
}
