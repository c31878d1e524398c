import { utf8ToBytes } from "@demls/wire/core";
import fc from "fast-check";
import type { Proposal } from "ts-mls";
import { describe, expect, test } from "vitest";
import { MAX_KEY_PACKAGE_BYTES, type MlsGroup, type MlsService } from "../../src/index.js";
import { clientState, groupOf, member, seededRandom, type GroupMember } from "../group-members.js";
import { rawCandidate, suite } from "../forged-candidates.js";

const HELLO = utf8ToBytes("hello");
const TYPED = ["application", "ignored", "otherEpoch", "rejected"];

async function two(): Promise<[GroupMember, GroupMember]> {
  const [alice, bob] = await groupOf(["alice", "bob"]);
  if (!alice || !bob) throw new Error("unreachable");
  return [alice, bob];
}

/** Runs an operation that must not change a group, and compares its encoding. */
async function unchanged(
  mls: MlsService,
  group: MlsGroup,
  act: () => Promise<{ readonly group: MlsGroup }>,
): Promise<void> {
  const before = mls.encodeGroup(group);
  const after = await act();
  expect(after.group).toBe(group);
  expect(mls.encodeGroup(group)).toEqual(before);
}

describe("an invalid message", () => {
  const garbage: readonly (readonly [string, Uint8Array])[] = [
    ["nothing", new Uint8Array(0)],
    ["one byte", Uint8Array.of(0)],
    ["text", utf8ToBytes("garbage")],
    ["a length that promises 2^30 bytes", Uint8Array.of(0, 1, 0, 2, 0xbf, 0xff, 0xff, 0xff)],
    ["a megabyte of noise", seededRandom("noise").bytes(1_000_000)],
    ["a megabyte of zeros", new Uint8Array(1_000_000)],
    ["an unknown wire format", Uint8Array.of(0, 1, 0, 9, 0, 0, 0)],
    ["an unknown version", Uint8Array.of(0, 2, 0, 2, 0, 0, 0)],
  ];

  test.each(garbage)("is rejected as malformed without changing the group: %s", async (_name, bytes) => {
    const [alice, bob] = await two();
    const { candidate } = await alice.mls.createCandidate(alice.group, [
      { kind: "add", keyPackage: (await (await member("carol")).generateKeyPackage()).bytes },
    ]);
    const malformed = { kind: "rejected", reason: "malformed" };
    await unchanged(bob.mls, bob.group, async () => {
      const opened = await bob.mls.open(bob.group, bytes);
      expect(opened.outcome).toEqual(malformed);
      return opened;
    });
    await unchanged(bob.mls, bob.group, async () => {
      const staged = await bob.mls.stage(bob.group, candidate.proposals, bytes);
      expect(staged.outcome).toEqual(malformed);
      return staged;
    });
    await unchanged(bob.mls, bob.group, async () => {
      const staged = await bob.mls.stage(bob.group, [bytes], candidate.commit);
      expect(staged.outcome).toEqual(malformed);
      return staged;
    });
    expect(await bob.mls.join(bytes, [])).toEqual({ kind: "invalid", reason: "malformed" });
    const reason = bytes.length > MAX_KEY_PACKAGE_BYTES ? "too-large" : "malformed";
    expect(await bob.mls.inspectKeyPackage(bytes)).toEqual({ ok: false, reason });
    expect(bob.mls.describe(bytes)).toEqual({ kind: "malformed" });
    expect(() => bob.mls.decodeGroup(bytes)).toThrow(
      expect.objectContaining({ code: "corrupt-group", field: "bytes", remedy: expect.any(String) }),
    );
  });

  test("yields a typed outcome and spends no generation, for any truncation or flipped byte", async () => {
    const [alice, bob] = await two();
    const { message } = await alice.mls.seal(alice.group, HELLO);
    const damaged = fc
      .nat(message.length - 1)
      .chain((index) => fc.integer({ min: 1, max: 255 }).map((mask) => ({ index, mask })));
    await fc.assert(
      fc.asyncProperty(damaged, fc.boolean(), async ({ index, mask }, truncate) => {
        const bytes = truncate
          ? message.slice(0, index)
          : message.map((byte, i) => (i === index ? byte ^ mask : byte));
        const opened = await bob.mls.open(bob.group, bytes);
        expect(TYPED).toContain(opened.outcome.kind);
        expect(opened.outcome.kind).not.toBe("application");
        expect(opened.group).toBe(bob.group);
      }),
      { numRuns: 150, seed: 1 },
    );
    expect((await bob.mls.open(bob.group, message)).outcome).toMatchObject({
      kind: "application",
      plaintext: HELLO,
    });
  });

  test("is rejected without spending generations, for any flipped byte of a candidate", async () => {
    const [alice, bob] = await two();
    const { candidate } = await alice.mls.createCandidate(alice.group, [
      { kind: "add", keyPackage: (await (await member("carol")).generateKeyPackage()).bytes },
    ]);
    const [proposal] = candidate.proposals;
    if (proposal === undefined) throw new Error("unreachable");
    await fc.assert(
      fc.asyncProperty(fc.boolean(), fc.nat(), fc.integer({ min: 1, max: 255 }), async (first, at, mask) => {
        const flip = (bytes: Uint8Array) =>
          bytes.map((byte, i) => (i === at % bytes.length ? byte ^ mask : byte));
        const proposals = first ? [flip(proposal)] : [proposal];
        const seen = await bob.mls.stage(
          bob.group,
          proposals,
          first ? candidate.commit : flip(candidate.commit),
        );
        expect(seen.outcome.kind).toBe("rejected");
        expect(seen.group).toBe(bob.group);
      }),
      { numRuns: 100, seed: 2 },
    );
    expect((await bob.mls.stage(bob.group, candidate.proposals, candidate.commit)).outcome.kind).toBe(
      "staged",
    );
  });
});

describe("a message of another group, epoch or kind", () => {
  test("is ignored if it belongs to another group", async () => {
    const [alice, bob] = await two();
    const other = await alice.mls.createGroup("orchard");
    const { message } = await alice.mls.seal(other, HELLO);
    await unchanged(bob.mls, bob.group, async () => {
      const opened = await bob.mls.open(bob.group, message);
      expect(opened.outcome).toEqual({ kind: "ignored", reason: "other-group" });
      return opened;
    });
  });

  test("reports its epoch if it is later or too old", async () => {
    const [alice, bob] = await two();
    const { message: old } = await bob.mls.seal(bob.group, HELLO);
    for (const name of ["carol", "dave"]) {
      const keyPackage = (await (await member(name)).generateKeyPackage()).bytes;
      const made = await alice.mls.createCandidate(alice.group, [{ kind: "add", keyPackage }]);
      alice.group = alice.mls.merge(made.group, made.candidate);
    }
    expect((await alice.mls.open(alice.group, old)).outcome).toEqual({ kind: "otherEpoch", epoch: 1n });
    const { message } = await alice.mls.seal(alice.group, HELLO);
    expect((await bob.mls.open(bob.group, message)).outcome).toEqual({ kind: "otherEpoch", epoch: 3n });
  });

  test("is neither opened as a handshake message nor staged as an application message", async () => {
    const [alice, bob] = await two();
    const { group, candidate } = await alice.mls.createCandidate(alice.group, [
      { kind: "add", keyPackage: (await (await member("carol")).generateKeyPackage()).bytes },
    ]);
    expect((await bob.mls.open(bob.group, candidate.commit)).outcome).toEqual({
      kind: "ignored",
      reason: "handshake",
    });
    expect((await bob.mls.open(bob.group, candidate.welcome ?? HELLO)).outcome).toEqual({
      kind: "ignored",
      reason: "other-kind",
    });
    const { message } = await alice.mls.seal(group, HELLO);
    const staged = await bob.mls.stage(bob.group, candidate.proposals, message);
    expect(staged.outcome).toEqual({ kind: "rejected", reason: "malformed" });
  });

  test("is rejected without advancing the ratchet if it is too far ahead", async () => {
    const [alice, bob] = await two();
    let { group } = alice;
    const ratchet = (current: MlsGroup) => alice.mls.seal(current, HELLO);
    for (let i = 0; i <= 1000; i++) group = (await ratchet(group)).group;
    const { message } = await ratchet(group);
    await unchanged(bob.mls, bob.group, async () => {
      const opened = await bob.mls.open(bob.group, message);
      expect(opened.outcome).toEqual({ kind: "rejected", reason: "too-far-ahead" });
      return opened;
    });
  });
});

describe("a candidate of genuine parts from several candidates", () => {
  test("is rejected without spending the genuine candidates' generations", async () => {
    const [alice, bob] = await two();
    const add = async (name: string) =>
      ({ kind: "add", keyPackage: (await (await member(name)).generateKeyPackage()).bytes }) as const;
    const first = await alice.mls.createCandidate(alice.group, [await add("carol")]);
    const second = await alice.mls.createCandidate(first.group, [await add("dave")]);
    const mismatch = { kind: "rejected", reason: "proposals-mismatch", sender: alice.mls.identity };
    const both = [...first.candidate.proposals, ...second.candidate.proposals];
    for (const proposals of [[], both, second.candidate.proposals])
      await unchanged(bob.mls, bob.group, async () => {
        const seen = await bob.mls.stage(bob.group, proposals, first.candidate.commit);
        expect(seen.outcome).toEqual(mismatch);
        return seen;
      });
    const seen = await bob.mls.stage(bob.group, second.candidate.proposals, second.candidate.commit);
    expect(seen.outcome.kind).toBe("staged");
    const rival = await bob.mls.stage(seen.group, first.candidate.proposals, first.candidate.commit);
    expect(rival.outcome.kind).toBe("staged");
  });

  test("is recognised as own when an own candidate returns", async () => {
    const [alice] = await two();
    const { group, candidate } = await alice.mls.createCandidate(alice.group, [
      { kind: "add", keyPackage: (await (await member("carol")).generateKeyPackage()).bytes },
    ]);
    const seen = await alice.mls.stage(group, candidate.proposals, candidate.commit);
    expect(seen.outcome).toEqual({ kind: "rejected", reason: "own-message" });
  });
});

describe("a commit of a malicious member", () => {
  const removeBob: Proposal = { proposalType: "remove", remove: { removed: 1 } };

  test("is rejected if it changes the committer's identity", async () => {
    const [alice, , carol] = await groupOf(["alice", "bob", "carol"]);
    if (!alice || !carol) throw new Error("unreachable");
    const ratchetTree = clientState(alice.group).ratchetTree.slice();
    const own = ratchetTree[0];
    if (own?.nodeType !== "leaf") throw new Error("unreachable");
    const credential = { credentialType: "basic", identity: utf8ToBytes("mallory") } as const;
    ratchetTree[0] = { nodeType: "leaf", leaf: { ...own.leaf, credential } };
    const made = await rawCandidate({ ...clientState(alice.group), ratchetTree }, [removeBob]);
    const seen = await carol.mls.stage(carol.group, made.proposals, made.commit);
    expect(seen.outcome).toEqual({
      kind: "rejected",
      reason: "identity-changed",
      sender: alice.mls.identity,
    });
    expect(seen.group).toBe(carol.group);
  });

  test("is rejected if its path's public keys do not match its secrets", async () => {
    const [alice, , carol] = await groupOf(["alice", "bob", "carol"]);
    if (!alice || !carol) throw new Error("unreachable");
    const deriveKeyPair = async (ikm: Uint8Array) => ({
      ...(await suite.hpke.deriveKeyPair(ikm)),
      publicKey: (await suite.hpke.generateKeyPair()).publicKey,
    });
    const lying = { ...suite, hpke: { ...suite.hpke, deriveKeyPair } };
    const made = await rawCandidate(clientState(alice.group), [removeBob], lying);
    const seen = await carol.mls.stage(carol.group, made.proposals, made.commit);
    expect(seen.outcome).toEqual({ kind: "rejected", reason: "invalid-commit", sender: alice.mls.identity });
  });

  test("is rejected if its path reuses a member's leaf key for another node", async () => {
    const [alice, , carol] = await groupOf(["alice", "bob", "carol", "dave"]);
    if (!alice || !carol) throw new Error("unreachable");
    const leaf = clientState(alice.group).ratchetTree[4];
    if (leaf?.nodeType !== "leaf") throw new Error("unreachable");
    let calls = 0;
    const deriveKeyPair = async (ikm: Uint8Array) => {
      const pair = await suite.hpke.deriveKeyPair(ikm);
      // The first node of a path is the one above the committer and its neighbour.
      return calls++ === 0
        ? { ...pair, publicKey: await suite.hpke.importPublicKey(leaf.leaf.hpkePublicKey) }
        : pair;
    };
    const lying = { ...suite, hpke: { ...suite.hpke, deriveKeyPair } };
    const removeDave: Proposal = { proposalType: "remove", remove: { removed: 3 } };
    const made = await rawCandidate(clientState(alice.group), [removeDave], lying);
    const seen = await carol.mls.stage(carol.group, made.proposals, made.commit);
    expect(seen.outcome).toEqual({ kind: "rejected", reason: "invalid-commit", sender: alice.mls.identity });
  });

  test("is rejected if it changes the group id", async () => {
    const [alice, bob] = await two();
    const reinit: Proposal = {
      proposalType: "reinit",
      reinit: { groupId: HELLO, version: "mls10", cipherSuite: suite.name, extensions: [] },
    };
    const made = await rawCandidate(clientState(alice.group), [reinit]);
    expect((await bob.mls.stage(bob.group, made.proposals, made.commit)).outcome).toEqual({
      kind: "rejected",
      reason: "invalid-commit",
      sender: alice.mls.identity,
    });
  });

  test("is staged and reported as `other` if de-MLS does not know its proposal", async () => {
    const [alice, bob] = await two();
    const made = await rawCandidate(clientState(alice.group), [
      { proposalType: 0xf00d, proposalData: HELLO },
    ]);
    expect((await bob.mls.stage(bob.group, made.proposals, made.commit)).outcome).toMatchObject({
      kind: "staged",
      staged: { actions: [{ kind: "other", type: "61453" }] },
    });
  });
});

describe("a message with trailing bytes", () => {
  test("is read without them, as in de-mls 3.0.0", async () => {
    const [alice, bob] = await two();
    const { message } = await alice.mls.seal(alice.group, HELLO);
    const longer = Uint8Array.of(...message, 1, 2, 3);
    expect((await bob.mls.open(bob.group, longer)).outcome).toMatchObject({
      kind: "application",
      plaintext: HELLO,
    });
  });
});
