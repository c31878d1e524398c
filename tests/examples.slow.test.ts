import { execFile, spawnSync } from "node:child_process";
import { basename, join } from "node:path";
import { promisify } from "node:util";

import { beforeAll, describe, expect, it } from "vitest";

import { workspacePackages } from "../scripts/workspace/workspace.mjs";
import { readText, root, type Manifest } from "./workspace.js";

const examples = workspacePackages()
  .map(({ folder }) => folder)
  .filter((folder) => folder.startsWith("examples"));
const start = promisify(execFile);

/** Expected output in an example's README: the first text block, where `…` matches any text. */
function promisedOutput(readme: string): RegExp {
  const [, output = "a block of text"] = /^```text\n(.*?)^```$/ms.exec(readme) ?? [];
  const pattern = output.split("…").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${pattern.join(".*")}$`);
}

// Builds the examples, since a stale build could pass.
beforeAll(() => {
  const tsc = join(root, "node_modules/typescript-native/bin/tsc");
  const { status, stdout } = spawnSync(process.execPath, [tsc, "-b", ...examples], {
    cwd: root,
    encoding: "utf8",
  });
  expect(stdout).toBe("");
  expect(status).toBe(0);
});

describe.concurrent.each(examples)("%s", (folder) => {
  const name = basename(folder);
  const readme = readText(join(folder, "README.md"));

  // That one needs a Rust program: interop/scenarios/example.test.ts runs it.
  it.skipIf(name === "rust-members")("prints the output in its README, and ends by itself", async () => {
    const { stdout, stderr } = await start(process.execPath, ["dist/main.js"], {
      cwd: join(root, folder),
      timeout: 300_000,
    });
    expect(stderr).toBe("");
    expect(stdout).toMatch(promisedOutput(readme));
  });

  it("is private, has the scripts of the others, and documents its command", () => {
    const manifest = JSON.parse(readText(join(folder, "package.json"))) as Manifest;
    expect(manifest).toMatchObject({ name: `@demls-examples/${name}`, private: true, type: "module" });
    expect(manifest.scripts).toMatchObject({ build: "tsc -b", start: "tsc -b && node dist/main.js" });
    expect(readme).toContain(`npm run example -- ${name}\n`);
  });

  it("is in the list of examples", () => {
    expect(readText("examples/README.md")).toContain(`[${name}](${name})`);
  });
});
