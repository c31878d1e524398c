/** `npm run generate`: sets up what is missing, then writes the protobuf code of `@demls/wire` anew. */
import { installDependencies } from "./workspace/setup.mjs";
import { run } from "./workspace/workspace.mjs";

installDependencies();
process.exitCode = run("npm", ["run", "generate"], { folder: "packages/wire" });
