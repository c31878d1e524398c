import { bytesToHex } from "@demls/wire/core";
import fc from "fast-check";
import { commands } from "vitest/browser";
import { describe, expect, test } from "vitest";
import { webPrimitives } from "../../packages/mls/src/crypto/primitives-web.js";
import { createEd25519 } from "../../packages/mls/src/crypto/ed25519-web.js";
import { createX25519 } from "../../packages/mls/src/crypto/x25519-web.js";
import { operations, outcomeOf } from "../../packages/mls/test/crypto/primitives/operations.js";
import { withoutCurves } from "../../packages/mls/test/crypto/primitives/poor-web-crypto.js";
import { publishedVectors } from "../../packages/mls/test/crypto/primitives/published-vectors.js";
import { nobleEd25519 } from "../../packages/mls/src/crypto/noble.js";

const implementations = [
  ["this browser's WebCrypto", await webPrimitives(crypto.subtle)],
  ["WebCrypto without Ed25519 and X25519", await webPrimitives(withoutCurves(crypto.subtle))],
  ["no WebCrypto at all", await webPrimitives(undefined)],
] as const;

describe.each(implementations)("over %s", (_name, primitives) => {
  test.each(publishedVectors)("$name", ({ run }) => run(primitives));

  test.each(Object.entries(operations))(
    "the %s has the outcome that it has on Node",
    async (name, { inputs }) => {
      await fc.assert(
        fc.asyncProperty(inputs, async (values) => {
          const onNode = await commands.nodeOutcome(name, values.map(bytesToHex));
          expect(await outcomeOf(name, primitives, values)).toBe(onNode);
        }),
        { numRuns: 30 },
      );
    },
  );
});

test("MLS uses the browser's Ed25519 and X25519", async () => {
  const ed25519 = await createEd25519(crypto.subtle);
  expect(ed25519.sign).not.toBe(nobleEd25519.sign);
  expect(ed25519.verify).not.toBe(nobleEd25519.verify);
  expect(ed25519.publicKey).not.toBe(nobleEd25519.publicKey);
  expect(await createX25519(crypto.subtle)).not.toBe(await createX25519(undefined));
});
