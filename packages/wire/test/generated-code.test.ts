import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import protobuf from "protobufjs/minimal.js";
import { expect, it } from "vitest";
import * as wire from "../src/index.js";

it("is what the generator makes of the .proto files now", { timeout: 60_000 }, () => {
  const generator = fileURLToPath(new URL("../scripts/generate.mjs", import.meta.url));
  expect(() => execFileSync(process.execPath, [generator, "--check"], { stdio: "pipe" })).not.toThrow();
});

it("is loaded without an entry in the registry that all users of protobufjs share", () => {
  expect(wire.decodeVote(new Uint8Array(0)).ok).toBe(true);
  expect(Object.keys(protobuf.roots)).toEqual([]);
});
