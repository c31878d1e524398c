/** `npm run generate`: installs missing dependencies, then generates the protobuf code of `@demls/wire`. */
import { installDependencies } from "./workspace/setup.mjs";
import { run } from "./workspace/workspace.mjs";

installDependencies();
process.exitCode = run("npm", ["run", "generate"], { folder: "packages/wire" });
