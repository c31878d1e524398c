/** `npm run docs`: generates the API reference as a website, in reports/api. Warnings are errors. */
import { build, installDependencies } from "./workspace/setup.mjs";
import { run } from "./workspace/workspace.mjs";

installDependencies();
// Packages read each other's built declarations.
process.exitCode = build() || run("typedoc", ["--logLevel", "Warn"]);
if (process.exitCode === 0) console.log("Written: reports/api/index.html");
