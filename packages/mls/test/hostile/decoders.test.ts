import { MAX_PACKET_BYTES } from "@demls/wire";
import { DemlsError } from "@demls/wire/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expectAtMost, expectSame, expectSameBytes } from "../../../../hostile/expectations.js";
import { made, recipe } from "../../../../hostile/hostile-packet.js";
import { jsonMutation, mutateJson } from "../../../../hostile/json-mutation.js";
import { keeping, knowingPlaces, replaying } from "../../../../hostile/regressions.js";
import { createTries, trying } from "../../../../hostile/runs.js";
import { weightOf } from "../../../../hostile/weight.js";
import { decodeKeyPackageJson } from "../../src/key-package/json.js";
import { decodeKeyPackageTls } from "../../src/key-package/tls.js";
import { groupOf, member } from "../group-members.js";

const [alice, bob] = await groupOf(["alice", "bob", "carol"]);
if (alice === undefined || bob === undefined) throw new Error("There are no members.");
const dave = await member("dave");
const keyPackage = await dave.generateKeyPackage();
const tlsKeyPackage = await (await member("erin", { keyPackageEncoding: "tls" })).generateKeyPackage();
const { candidate } = await alice.mls.createCandidate(alice.group, [
  { kind: "add", keyPackage: keyPackage.bytes },
]);
const { message } = await alice.mls.seal(alice.group, Uint8Array.of(1, 2, 3));
const welcome = candidate.welcome ?? new Uint8Array();
const messages = [message, welcome, candidate.commit, ...candidate.proposals];
const json = new TextDecoder().decode(keyPackage.bytes);

/** Key package with its JSON altered. */
const hostileJson = fc
  .array(jsonMutation, { maxLength: 3 })
  .map((mutations) => new TextEncoder().encode(mutateJson(json, mutations)));

const hostile = (genuine: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> =>
  recipe.map((how) => made(how, genuine));

/** Reader of bytes, with its property, its inputs and the number of runs. */
interface Reader {
  readonly fact: string;
  readonly check: (bytes: Uint8Array) => unknown;
  readonly input: fc.Arbitrary<Uint8Array>;
  readonly tries: number;
}

/** @param read a decoder, or an operation with keys */
function bounded(
  read: (bytes: Uint8Array) => unknown,
  input: fc.Arbitrary<Uint8Array>,
  tries = 10_000,
): Reader {
  return {
    fact: "returns a value no larger than the bytes, or a reason to reject them",
    check: async (bytes) => expectAtMost(weightOf(await read(bytes)), 200 + 3 * bytes.length),
    input,
    tries,
  };
}

const READERS: Readonly<Record<string, Reader>> = {
  decodeKeyPackageJson: bounded(decodeKeyPackageJson, hostileJson),
  decodeKeyPackageTls: bounded(decodeKeyPackageTls, hostile([tlsKeyPackage.bytes])),
  describe: bounded((bytes) => bob.mls.describe(bytes), hostile(messages)),
  inspectKeyPackage: bounded(
    (bytes) => bob.mls.inspectKeyPackage(bytes),
    fc.oneof(hostileJson, hostile([keyPackage.bytes, tlsKeyPackage.bytes])),
  ),
  join: bounded(joined, hostile([welcome]), 500),
  open: {
    fact: "returns the same group if it rejects a message",
    check: async (bytes) => {
      const { outcome, group } = await bob.mls.open(bob.group, bytes);
      if (outcome.kind !== "application") expectSame(group, bob.group);
    },
    input: hostile([message]),
    tries: 500,
  },
  stage: {
    fact: "returns the same group if it rejects a candidate",
    check: async (bytes) => {
      const { outcome, group } = await bob.mls.stage(bob.group, candidate.proposals, bytes);
      if (outcome.kind !== "staged") expectSame(group, bob.group);
    },
    input: hostile([candidate.commit]),
    tries: 500,
  },
  decodeGroup: {
    fact: "decodes a group, or reports it as corrupt",
    check: (bytes) => {
      try {
        bob.mls.decodeGroup(bytes);
      } catch (error) {
        expectSame(error instanceof DemlsError ? error.code : error, "corrupt-group");
      }
    },
    input: hostile([bob.mls.encodeGroup(bob.group)]),
    tries: 10_000,
  },
};

/** Public part of a joiner's group. */
async function joined(bytes: Uint8Array): Promise<unknown> {
  const outcome = await dave.join(bytes, [keyPackage]);
  if (outcome.kind !== "joined") return outcome;
  const { state: _, ...group } = outcome.group;
  return { ...outcome, group };
}

describe("hostile bytes", () => {
  const tries = createTries();

  async function check({ check }: Reader, bytes: Uint8Array): Promise<void> {
    const before = bytes.slice();
    await check(bytes);
    expectSameBytes(bytes, before);
  }

  test.each(Object.entries(READERS).map(([name, reader]) => [name, reader.fact, reader] as const))(
    "%s %s",
    async (name, _fact, reader) => {
      await fc.assert(
        fc.asyncProperty(reader.input, async (bytes) => {
          tries.note(name);
          await keeping(name, bytes, () => check(reader, bytes));
        }),
        trying(reader.tries),
      );
    },
  );

  test("are tried the expected number of times", () => {
    const each = Object.entries(READERS).map(([name, { tries: count }]) => [name, count] as const);
    tries.expectAtLeast(Object.fromEntries(each), 50_000);
  });

  test("are read in linear time, up to the size of a packet", () => {
    // Takes milliseconds. Quadratic time would exceed the test's timeout.
    const quotes = '\\"'.repeat(MAX_PACKET_BYTES / 2);
    expect(decodeKeyPackageJson(new TextEncoder().encode(`{"payload":"${quotes}`))).toBeUndefined();
  });

  const folder = new URL("regressions/", import.meta.url);
  knowingPlaces(folder, Object.keys(READERS));
  replaying(
    folder,
    Object.fromEntries(
      Object.entries(READERS).map(([name, reader]) => [name, (bytes: Uint8Array) => check(reader, bytes)]),
    ),
  );
});
