/**
 * `npm run chat -- <conversation> [options]`: installs and builds missing parts, then runs `demls chat <conversation>
 * [options]` in this process, which has the terminal and receives its signals.
 */
import { buildQuietly, installDependencies } from "./workspace/setup.mjs";

installDependencies();
const built = await buildQuietly("@demls/cli");
process.exitCode = built === 0 ? await chat() : built;

async function chat() {
  const { main } = await import("../packages/cli/dist/main.js");
  return main(["chat", ...process.argv.slice(2)], { chatCommand: "npm run chat --" });
}
