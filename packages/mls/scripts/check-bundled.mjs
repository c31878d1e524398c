/**
 * Runs before the package is packed. Once published without the corrected ts-mls inside, it would ask for a ts-mls that its
 * package.json doesn't name: `tsc -b` alone leaves it so.
 */
import { existsSync, readFileSync } from "node:fs";

const FILE = "dist/ts-mls.js";

if (!existsSync(FILE) || /from "ts-mls"/.test(readFileSync(FILE, "utf8"))) {
  process.stderr.write(`${FILE} doesn't hold ts-mls: run "npm run build" before packing.\n`);
  process.exitCode = 1;
}
