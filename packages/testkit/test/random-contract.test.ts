import type { RandomSource } from "@demls/wire/core";
import { describe, expect, test } from "vitest";
import { createSeededRandom, randomContract } from "../src/index.js";
import { brokenCases } from "./broken-cases.js";

const sound = (): RandomSource => createSeededRandom("contract");

/** Correct source, with each draw altered by `change`. */
function altered(change: (bytes: Uint8Array) => Uint8Array): () => RandomSource {
  return () => {
    const random = sound();
    return { bytes: (length) => change(random.bytes(length)) };
  };
}

function reusing(): RandomSource {
  const random = sound();
  const memory = new Uint8Array(100_000);
  return {
    bytes(length) {
      memory.set(random.bytes(length));
      return memory.subarray(0, length);
    },
  };
}

describe("the contract of randomness", () => {
  for (const { name, run } of randomContract(sound)) test(`is met by the seeded source: it ${name}`, run);

  const evenly = "returns every byte value about equally often, at every position";
  test.each<[string, () => RandomSource, readonly string[]]>([
    [
      "returns no more than the platform's limit",
      altered((bytes) => bytes.subarray(0, 65_536)),
      ["returns the requested number of bytes"],
    ],
    [
      "is reseeded for every draw",
      () => ({ bytes: (length) => sound().bytes(length) }),
      ["returns different bytes on every call"],
    ],
    ["uses its memory again", reusing, ["returns bytes that the caller owns"]],
    ["has seven bits", altered((bytes) => bytes.map((byte) => byte & 0x7f)), [evenly]],
    ["leaves the end of a long draw empty", altered((bytes) => bytes.fill(0, 65_536)), [evenly]],
  ])("reports only the violated case of an implementation that %s", async (_what, create, cases) => {
    expect(await brokenCases(randomContract(create))).toEqual(cases);
  });
});
