import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const EXAMPLE = fileURLToPath(new URL("../../examples/rust-members/", import.meta.url));

test("the example with a Rust member prints the output in its README", async () => {
  const promised = /^```text\n(.*?)^```$/ms.exec(readFileSync(`${EXAMPLE}README.md`, "utf8"))?.[1];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ["dist/main.js"], { cwd: EXAMPLE });
  expect(stderr).toBe("");
  expect(stdout).toBe(promised);
});
