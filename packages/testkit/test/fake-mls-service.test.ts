import { STRICT_MARKER } from "@demls/mls";
import { encodeAppMessage } from "@demls/wire";
import { utf8ToBytes } from "@demls/wire/core";
import { describe, expect, test } from "vitest";
import { createFakeMlsService, createGenerationLedger, createSeededRandom } from "../src/index.js";

function service(name: string, changes: Partial<Parameters<typeof createFakeMlsService>[0]> = {}) {
  return createFakeMlsService({
    identity: utf8ToBytes(name),
    random: createSeededRandom(name),
    wallMs: () => 1_700_000_000_000,
    ...changes,
  });
}

const HELLO = utf8ToBytes("hello");

describe("a fake MLS service", () => {
  test("creates the same messages for the same randomness", async () => {
    const messages = [1, 2].map(async () => {
      const alice = service("alice");
      const { message } = await alice.seal(await alice.createGroup("garden"), HELLO);
      return message;
    });
    expect(await messages[0]).toEqual(await messages[1]);
  });

  test("rejects a wiped group", async () => {
    const alice = service("alice");
    const group = await alice.createGroup("garden");
    alice.wipe([group], []);
    await expect(alice.seal(group, HELLO)).rejects.toMatchObject({ code: "wiped-group", field: "group" });
    await expect(alice.open(group, HELLO)).rejects.toMatchObject({ code: "wiped-group" });
  });

  test("rejects a member whose leaf lacks a required extension", async () => {
    const [alice, bob] = [service("alice"), service("bob", { extensions: [] })];
    const { bytes } = await bob.generateKeyPackage();
    const strict = await alice.createGroup("garden", { requiredExtensions: [STRICT_MARKER] });
    expect(await alice.canAdd(strict, bytes)).toEqual({ ok: false, reason: "missing-required-capability" });
    const open = await alice.createGroup("garden");
    expect(await alice.canAdd(open, bytes)).toMatchObject({ ok: true });
  });

  test.each([
    [{ identity: new Uint8Array() }, "invalid-identity"],
    [{ identity: new Uint8Array(257) }, "invalid-identity"],
    [
      { signatureKeyPair: { privateKey: new Uint8Array(32), publicKey: new Uint8Array(32) } },
      "invalid-signature-key",
    ],
  ])("rejects invalid options: %o", (changes, code) => {
    expect(() => service("alice", changes)).toThrow(expect.objectContaining({ code }));
  });
});

describe("a generation ledger", () => {
  test("reports two messages sealed from one value, but not the same message again", async () => {
    const generations = createGenerationLedger();
    const alice = service("alice", { generations });
    const group = await alice.createGroup("garden");
    const { message } = await alice.seal(group, HELLO);
    generations.note(message);
    generations.note(utf8ToBytes("no message"));
    expect(generations.reused).toEqual([]);
    await alice.seal(group, utf8ToBytes("another"));
    const spent = { groupId: group.groupId, epoch: 0n, leaf: 0, ratchet: "application", generation: 0 };
    expect(generations.reused).toEqual([spent]);
  });

  test("reads commit candidates, whose generations are separate from application messages", async () => {
    const alice = service("alice");
    const group = await alice.createGroup("garden");
    const published = createGenerationLedger();
    published.note((await alice.seal(group, HELLO)).message);
    for (const name of ["bob", "carol"]) {
      const { bytes } = await service(name).generateKeyPackage();
      const { candidate } = await alice.createCandidate(group, [{ kind: "add", keyPackage: bytes }]);
      const packet = encodeAppMessage({
        kind: "commit_candidate",
        candidate: {
          conversationName: utf8ToBytes("garden"),
          mlsProposals: [...candidate.proposals],
          commitMessage: candidate.commit,
          stewardIdentity: utf8ToBytes("alice"),
        },
      });
      published.note(packet);
    }
    expect(published.reused).toMatchObject([
      { ratchet: "handshake", generation: 0 },
      { ratchet: "handshake", generation: 1 },
    ]);
  });
});
