import { DemlsError } from "@demls/wire/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { made, recipe } from "../../../../hostile/hostile-packet.js";
import { jsonMutation, mutateJson } from "../../../../hostile/json-mutation.js";
import { keeping, regressionsIn } from "../../../../hostile/regressions.js";
import { createTries, trying } from "../../../../hostile/runs.js";
import { weightOf } from "../../../../hostile/weight.js";
import { decodeKeyPackageJson } from "../../src/key-package-json.js";
import { decodeKeyPackageTls } from "../../src/key-package-tls.js";
import { garden, member } from "../garden.js";

const [alice, bob] = await garden(["alice", "bob", "carol"]);
if (alice === undefined || bob === undefined) throw new Error("Nobody is there.");
const dave = await member("dave");
const keyPackage = await dave.generateKeyPackage();
const tlsKeyPackage = await (await member("erin", { keyPackageForm: "tls" })).generateKeyPackage();
const { candidate } = await alice.mls.propose(alice.group, [{ kind: "add", keyPackage: keyPackage.bytes }]);
const { message } = await alice.mls.seal(alice.group, Uint8Array.of(1, 2, 3));
const welcome = candidate.welcome ?? new Uint8Array();
const messages = [message, welcome, candidate.commit, ...candidate.proposals];
const json = new TextDecoder().decode(keyPackage.bytes);

/** A key package changed as the JSON that it is. */
const hostileJson = fc
  .array(jsonMutation, { maxLength: 3 })
  .map((mutations) => new TextEncoder().encode(mutations.reduce(mutateJson, json)));

const hostile = (genuine: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> =>
  recipe.map((how) => made(how, genuine));

/** A decoder, or what reads with keys, with what it is given and how often. */
interface Reader {
  readonly read: (bytes: Uint8Array) => unknown;
  readonly input: fc.Arbitrary<Uint8Array>;
  readonly tries: number;
}

const READERS: Readonly<Record<string, Reader>> = {
  decodeKeyPackageJson: { read: decodeKeyPackageJson, input: hostileJson, tries: 10_000 },
  decodeKeyPackageTls: { read: decodeKeyPackageTls, input: hostile([tlsKeyPackage.bytes]), tries: 10_000 },
  describe: { read: (bytes) => bob.mls.describe(bytes), input: hostile(messages), tries: 10_000 },
  inspectKeyPackage: {
    read: (bytes) => bob.mls.inspectKeyPackage(bytes),
    input: fc.oneof(hostileJson, hostile([keyPackage.bytes, tlsKeyPackage.bytes])),
    tries: 1_000,
  },
  join: {
    read: async (bytes) => {
      const outcome = await dave.join(bytes, [keyPackage]);
      return { kind: outcome.kind };
    },
    input: hostile([welcome]),
    tries: 500,
  },
};

describe("hostile bytes are read as something no larger than they, or refused with a reason", () => {
  const tries = createTries();

  async function check({ read }: Reader, bytes: Uint8Array): Promise<void> {
    const before = bytes.slice();
    expect(weightOf(await read(bytes))).toBeLessThanOrEqual(200 + 3 * bytes.length);
    expect(Buffer.compare(bytes, before)).toBe(0);
  }

  test.each(Object.entries(READERS))("%s", async (name, reader) => {
    await fc.assert(
      fc.asyncProperty(reader.input, async (bytes) => {
        tries.note(name);
        await keeping(name, bytes, () => check(reader, bytes));
      }),
      trying(reader.tries),
    );
  });

  const regressions = regressionsIn(new URL("regressions/", import.meta.url));
  test.each(regressions.map((regression) => [regression.what, regression] as const))(
    "what once went wrong: %s",
    async (_what, { place, bytes }) => {
      const reader = READERS[place];
      if (reader === undefined) throw new Error(`Nothing is called ${place}.`);
      await check(reader, Uint8Array.from(Buffer.from(bytes, "hex")));
    },
  );

  test("a message or a candidate that is refused leaves the very group there was", async () => {
    await fc.assert(
      fc.asyncProperty(hostile([message]), hostile([candidate.commit]), async (sealed, commit) => {
        tries.note("open and stage");
        const opened = await bob.mls.open(bob.group, sealed);
        if (opened.outcome.kind !== "application") expect(opened.group).toBe(bob.group);
        const staged = await bob.mls.stage(bob.group, candidate.proposals, commit);
        if (staged.outcome.kind !== "staged") expect(staged.group).toBe(bob.group);
      }),
      trying(500),
    );
  });

  test("a damaged group is read, or said to be corrupt", async () => {
    const whole = bob.mls.encodeGroup(bob.group);
    await fc.assert(
      fc.asyncProperty(hostile([whole]), async (bytes) => {
        tries.note("decodeGroup");
        await keeping("decodeGroup", bytes, () => {
          try {
            bob.mls.decodeGroup(bytes);
          } catch (error) {
            expect(error instanceof DemlsError ? error.code : error).toBe("corrupt-group");
          }
        });
      }),
      trying(1_000),
    );
  });

  test("and so many were tried", () => {
    const each = Object.entries(READERS).map(([name, { tries: count }]) => [name, count] as const);
    const all = { ...Object.fromEntries(each), "open and stage": 500, decodeGroup: 1_000 };
    tries.expectAtLeast(all, 30_000);
  });
});
