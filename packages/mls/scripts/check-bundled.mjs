/**
 * Checks before packing that dist/ contains the corrected ts-mls. After `tsc -b` alone it does not: the package would
 * import ts-mls, which is not among its dependencies.
 */
import { existsSync, readFileSync } from "node:fs";

const FILE = "dist/ts-mls.js";

if (!existsSync(FILE) || /from "ts-mls"/.test(readFileSync(FILE, "utf8"))) {
  process.stderr.write(`${FILE} does not contain ts-mls: run "npm run build" before packing.\n`);
  process.exitCode = 1;
}
