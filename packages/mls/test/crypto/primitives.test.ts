import { webcrypto } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { platformPrimitives as nodePrimitives } from "../../src/crypto/primitives-node.js";
import { platformPrimitives as browserPrimitives, webPrimitives } from "../../src/crypto/primitives-web.js";
import type { Primitives } from "../../src/crypto/primitives.js";
import { operations, outcomeOf } from "./primitives/operations.js";
import { withBusyImports, withoutCurves, withRandomSignatures } from "./primitives/poor-web-crypto.js";
import { publishedVectors } from "./primitives/published-vectors.js";

const subtle = webcrypto.subtle as SubtleCrypto;
const node = await nodePrimitives();
const webImplementations: readonly (readonly [string, Primitives])[] = [
  ["WebCrypto", await browserPrimitives()],
  ["a WebCrypto without Ed25519 and X25519", await webPrimitives(withoutCurves(subtle))],
  ["no WebCrypto at all", await webPrimitives(undefined)],
];

describe.each([["node:crypto", node] as const, ...webImplementations])("over %s", (_name, primitives) => {
  test.each(publishedVectors)("$name", ({ run }) => run(primitives));
});

describe.each(webImplementations)("over %s, compared with node:crypto", (_name, primitives) => {
  test.each(Object.entries(operations))("gives the same result for the %s", async (name, { inputs }) => {
    await fc.assert(
      fc.asyncProperty(inputs, async (values) => {
        expect(await outcomeOf(name, primitives, values)).toBe(await outcomeOf(name, node, values));
      }),
      { numRuns: 60 },
    );
  });
});

describe("a WebCrypto with non-deterministic signatures", () => {
  test("is used for verifying, and noble for signing", async () => {
    const message = new Uint8Array(3);
    const privateKey = new Uint8Array(32).fill(7);
    const { ed25519 } = await webPrimitives(withRandomSignatures(subtle));
    const signature = await ed25519.sign(privateKey, message);
    expect(signature).toEqual(await node.ed25519.sign(privateKey, message));
    expect(await ed25519.verify(await node.ed25519.publicKey(privateKey), message, signature)).toBe(true);
  });
});

describe("a WebCrypto that fails to import a key once", () => {
  const privateKey = new Uint8Array(32).fill(7);
  const message = new Uint8Array(3);

  test.each([
    ["verifies by it", "raw"],
    ["signs with it", "pkcs8"],
  ] as const)("%s the next time", async (_what, format) => {
    let isBusy = false;
    const { ed25519 } = await webPrimitives(withBusyImports(subtle, format, () => isBusy));
    const [publicKey, signature] = [
      await node.ed25519.publicKey(privateKey),
      await node.ed25519.sign(privateKey, message),
    ];
    const run = async (): Promise<unknown> =>
      format === "raw" ? ed25519.verify(publicKey, message, signature) : ed25519.sign(privateKey, message);
    isBusy = true;
    await expect(run()).rejects.toThrow();
    isBusy = false;
    expect(await run()).toEqual(format === "raw" ? true : signature);
  });
});
