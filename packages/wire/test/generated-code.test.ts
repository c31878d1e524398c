import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import protobuf from "protobufjs/minimal.js";
import { expect, it } from "vitest";
import * as wire from "../src/index.js";

it("equals the generator's output for the current .proto files", { timeout: 60_000 }, () => {
  const generator = fileURLToPath(new URL("../scripts/generate.mjs", import.meta.url));
  expect(() => execFileSync(process.execPath, [generator, "--check"], { stdio: "pipe" })).not.toThrow();
});

it("adds no entry to protobufjs's shared registry", () => {
  expect(wire.decodeVote(new Uint8Array(0)).ok).toBe(true);
  expect(Object.keys(protobuf.roots)).toEqual([]);
});
