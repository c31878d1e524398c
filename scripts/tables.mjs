/**
 * `npm run tables`: generates docs/reference.md from the code, and the generated parts of other pages.
 * `npm run tables -- --check` fails if a page is out of date.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { page, PAGE } from "./reference/page.mjs";
import { pagesWithParts } from "./reference/parts.mjs";
import { root } from "./workspace/workspace.mjs";

for (const { path, text } of [{ path: PAGE, text: await page() }, ...(await pagesWithParts())]) {
  const file = join(root, path);
  if (!process.argv.includes("--check")) {
    writeFileSync(file, text);
  } else if (readFileSync(file, "utf8") !== text) {
    console.log(`${path} is out of date. Run: npm run tables`);
    process.exitCode = 1;
  }
}
