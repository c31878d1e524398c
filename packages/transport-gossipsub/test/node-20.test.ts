import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

it("Node.js 20 loads the package without the newer globals, and gets them when a node starts", async () => {
  const script = fileURLToPath(new URL("bare-process.mjs", import.meta.url));
  const child = spawn(process.execPath, [script], { stdio: ["ignore", "pipe", "inherit"] });
  const [[exitCode], output] = await Promise.all([once(child, "exit"), text(child.stdout)]);
  expect(output).toBe("loaded undefined undefined\nstarted function function\n");
  expect(exitCode).toBe(0);
});
