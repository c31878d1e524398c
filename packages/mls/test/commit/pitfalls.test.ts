import { utf8ToBytes } from "@demls/wire/core";
import type { Proposal } from "ts-mls";
import { encodeKeyPackage } from "ts-mls/keyPackage.js";
import { describe, expect, test } from "vitest";
import { LEAF_BINDING } from "../../src/index.js";
import {
  clientState,
  groupOf,
  member,
  RECORDED_MS,
  stageAndAdopt,
  type GroupMember,
} from "../group-members.js";
import { add, rawCandidate, suite, twistedKeyPackage, type KeyPackageTwist } from "../forged-candidates.js";

// ts-mls reads the platform's clock when it creates proposals.

const HELLO = utf8ToBytes("hello");

async function three(): Promise<[GroupMember, GroupMember, GroupMember]> {
  const [alice, bob, carol] = await groupOf(["alice", "bob", "carol"]);
  if (!alice || !bob || !carol) throw new Error("unreachable");
  return [alice, bob, carol];
}

async function keyPackageOf(name: string): Promise<Uint8Array> {
  return (await (await member(name)).generateKeyPackage()).bytes;
}

describe("generations", () => {
  test("are not reused by a candidate after a dropped one", async () => {
    const [alice, bob] = await three();
    const first = await alice.mls.createCandidate(alice.group, [
      { kind: "add", keyPackage: await keyPackageOf("dave") },
    ]);
    const second = await alice.mls.createCandidate(first.group, [
      { kind: "add", keyPackage: await keyPackageOf("erin") },
    ]);
    const seen = await bob.mls.stage(bob.group, first.candidate.proposals, first.candidate.commit);
    expect(seen.outcome.kind).toBe("staged");
    await stageAndAdopt({ ...bob, group: seen.group }, second.candidate);
  });
});

describe("wiping", () => {
  test("lets a group send, receive and commit after dropping a candidate", async () => {
    const [alice, bob] = await three();
    const dropped = await alice.mls.createCandidate(alice.group, [
      { kind: "remove", member: bob.mls.identity },
    ]);
    alice.mls.wipe([dropped.candidate.next], [dropped.group]);
    const sealed = await alice.mls.seal(dropped.group, HELLO);
    const opened = await bob.mls.open(bob.group, sealed.message);
    expect(opened.outcome).toMatchObject({ kind: "application", plaintext: HELLO });
    const again = await alice.mls.createCandidate(sealed.group, [
      { kind: "add", keyPackage: await keyPackageOf("dave") },
    ]);
    const dave = { ...bob, group: opened.group };
    await stageAndAdopt(dave, again.candidate);
    expect(dave.group.epochAuthenticator).toEqual(again.candidate.next.epochAuthenticator);
  });

  test("of the old epoch still lets the new one open its messages", async () => {
    const [alice, bob] = await three();
    const late = await bob.mls.seal(bob.group, HELLO);
    const { group, candidate } = await alice.mls.createCandidate(alice.group, [
      { kind: "add", keyPackage: await keyPackageOf("dave") },
    ]);
    const old = alice.group;
    alice.group = alice.mls.merge(group, candidate);
    alice.mls.wipe([old, group, candidate.next], [alice.group]);
    expect(clientState(old).keySchedule.initSecret.every((byte) => byte === 0)).toBe(true);
    expect((await alice.mls.open(alice.group, late.message)).outcome).toMatchObject({ plaintext: HELLO });
    await alice.mls.createCandidate(alice.group, [{ kind: "remove", member: bob.mls.identity }]);
  });

  test("of a used key package still lets the group follow commits", async () => {
    const [alice, , carol] = await three();
    const dave = await member("dave");
    const own = await dave.generateKeyPackage();
    const added = await alice.mls.createCandidate(alice.group, [{ kind: "add", keyPackage: own.bytes }]);
    await stageAndAdopt(carol, added.candidate);
    const outcome = await dave.join(added.candidate.welcome ?? new Uint8Array(), [own]);
    if (outcome.kind !== "joined") throw new Error(outcome.kind);
    dave.wipeKeyPackage(own);
    expect(own.secrets.initPrivateKey).toEqual(new Uint8Array(32));
    const removal = await carol.mls.createCandidate(carol.group, [
      { kind: "remove", member: alice.mls.identity },
    ]);
    const follower = { mls: dave, group: outcome.group };
    await stageAndAdopt(follower, removal.candidate);
    expect(follower.group.epochAuthenticator).toEqual(removal.candidate.next.epochAuthenticator);
  });
});

describe("staging", () => {
  test("reports sender and changes, and dropping the commit keeps epoch and ratchets intact", async () => {
    const [alice, bob, carol] = await three();
    const { group, candidate } = await alice.mls.createCandidate(alice.group, [
      { kind: "remove", member: carol.mls.identity },
    ]);
    const seen = await bob.mls.stage(bob.group, candidate.proposals, candidate.commit);
    if (seen.outcome.kind !== "staged") throw new Error(seen.outcome.reason);
    expect(seen.outcome.staged).toMatchObject({
      sender: alice.mls.identity,
      proposalSenders: [alice.mls.identity],
      actions: [{ kind: "remove", member: carol.mls.identity }],
      selfRemoved: false,
      hash: candidate.hash,
    });
    expect(seen.group).toMatchObject({ epoch: bob.group.epoch, members: bob.group.members });
    const again = await bob.mls.stage(seen.group, candidate.proposals, candidate.commit);
    expect(again.outcome).toEqual({ kind: "rejected", reason: "replayed" });
    const sealed = await alice.mls.seal(group, HELLO);
    expect((await bob.mls.open(seen.group, sealed.message)).outcome.kind).toBe("application");
  });

  test("rejects an authentic commit with a wrong confirmation tag", async () => {
    const [alice, bob] = await three();
    const mac = async () => new Uint8Array(32);
    const lying = { ...suite, hash: { ...suite.hash, mac } };
    const { proposals, commit } = await rawCandidate(
      clientState(alice.group),
      [add(await twistedKeyPackage("dave"))],
      lying,
    );
    const seen = await bob.mls.stage(bob.group, proposals, commit);
    expect(seen.outcome).toEqual({ kind: "rejected", reason: "invalid-commit", sender: alice.mls.identity });
    expect(seen.group).toBe(bob.group);
  });
});

describe("a commit that reuses this member's leaf", () => {
  test("is reported as a removal of this member", async () => {
    const [alice, bob, carol] = await three();
    const { candidate } = await alice.mls.createCandidate(alice.group, [
      { kind: "remove", member: bob.mls.identity },
      { kind: "add", keyPackage: await keyPackageOf("dave") },
    ]);
    const seen = await bob.mls.stage(bob.group, candidate.proposals, candidate.commit);
    if (seen.outcome.kind !== "staged") throw new Error(seen.outcome.reason);
    expect(seen.outcome.staged).toMatchObject({
      selfRemoved: true,
      next: undefined,
      sender: alice.mls.identity,
    });
    expect(() =>
      bob.mls.merge(seen.group, seen.outcome.kind === "staged" ? seen.outcome.staged : candidate),
    ).toThrow(expect.objectContaining({ code: "removed" }));
    await stageAndAdopt(carol, candidate);
    expect(carol.group.members[1]).not.toBe(bob.mls.identity);
  });
});

describe("Adds that OpenMLS receivers reject", () => {
  const now = BigInt(RECORDED_MS / 1000);
  const unlisted = { extensionType: 0xf123, extensionData: new Uint8Array(0) };
  const twists: readonly (readonly [string, KeyPackageTwist, string])[] = [
    ["capabilities without MLS 1.0", { capabilities: { versions: [] } }, "unsupported-capabilities"],
    [
      "capabilities without the ciphersuite",
      { capabilities: { ciphersuites: [] } },
      "unsupported-capabilities",
    ],
    [
      "capabilities without the basic credential",
      { capabilities: { credentials: [] } },
      "unsupported-capabilities",
    ],
    ["an extension that is not listed", { extensions: [unlisted] }, "unsupported-extension"],
    ["a leaf extension that is not listed", { leafExtensions: [unlisted] }, "unsupported-extension"],
    [
      "an extension twice",
      { extensions: [unlisted, unlisted], capabilities: { extensions: [0xf123] } },
      "unsupported-extension",
    ],
    [
      "an extension of the group context",
      { extensions: [{ extensionType: "required_capabilities", extensionData: new Uint8Array(3) }] },
      "unsupported-extension",
    ],
    ["a lifetime that is over", { lifetime: { notBefore: now - 100n, notAfter: now } }, "expired"],
    ["a lifetime to come", { lifetime: { notBefore: now, notAfter: now + 100n } }, "not-yet-valid"],
  ];

  test.each(twists)("are not proposed: %s", async (_name, twist, reason) => {
    const [alice] = await three();
    const keyPackage = encodeKeyPackage(await twistedKeyPackage("dave", twist));
    expect(await alice.mls.canAdd(alice.group, keyPackage)).toEqual({ ok: false, reason });
    await expect(alice.mls.createCandidate(alice.group, [{ kind: "add", keyPackage }])).rejects.toMatchObject(
      {
        code: "invalid-key-package",
        message: expect.stringContaining(reason) as string,
      },
    );
  });

  // ts-mls rejects one of them itself. A malicious member could send the others.
  const takenByTsMls = twists.filter(([name]) => name !== "a leaf extension that is not listed");

  test.each(takenByTsMls)("are not staged: %s", async (_name, twist) => {
    const [alice, bob] = await three();
    const proposal = add(await twistedKeyPackage("dave", twist));
    const { proposals, commit } = await rawCandidate(clientState(alice.group), [proposal]);
    const seen = await bob.mls.stage(bob.group, proposals, commit);
    expect(seen.outcome).toEqual({ kind: "rejected", reason: "invalid-add", sender: alice.mls.identity });
    expect(seen.group).toBe(bob.group);
  });

  test("are staged as unbound, as in de-mls 3.0.0: a leaf binding that is malformed", async () => {
    const [alice, bob] = await three();
    const binding = { extensionType: LEAF_BINDING, extensionData: new Uint8Array(3) };
    const keyPackage = await twistedKeyPackage("dave", { leafExtensions: [binding] });
    const { proposals, commit } = await rawCandidate(clientState(alice.group), [add(keyPackage)]);
    const { outcome } = await bob.mls.stage(bob.group, proposals, commit);
    const staged = outcome.kind === "staged" ? outcome.staged : expect.fail(outcome.reason);
    const unbound = { admission: undefined, identityProof: undefined };
    expect(staged.actions).toMatchObject([{ kind: "add", ...unbound }]);
    expect(staged.next?.roster.at(-1)).toMatchObject(unbound);
  });

  test("show a binding that their committer has changed in its own leaf", async () => {
    const [alice, bob, carol] = await three();
    const state = clientState(alice.group);
    const node = state.ratchetTree[0];
    if (node?.nodeType !== "leaf") throw new Error("unreachable");
    const bare = { ...node, leaf: { ...node.leaf, extensions: [] } };
    const removal: Proposal = { proposalType: "remove", remove: { removed: carol.group.leafIndex } };
    const ratchetTree = state.ratchetTree.with(0, bare);
    const { proposals, commit } = await rawCandidate({ ...state, ratchetTree }, [removal]);
    const { outcome } = await bob.mls.stage(bob.group, proposals, commit);
    const staged = outcome.kind === "staged" ? outcome.staged : expect.fail(outcome.reason);
    expect(bob.group.roster[0]?.admission).toHaveLength(16);
    expect(staged.next?.roster[0]).toMatchObject({ member: alice.mls.identity, admission: undefined });
  });

  test("are not staged: an invalid signature committed by a malicious member", async () => {
    const [alice, bob] = await three();
    const signed = await twistedKeyPackage("dave");
    const signature = signed.signature.map((byte, i) => (i === 0 ? byte ^ 1 : byte));
    const gullible = { ...suite, signature: { ...suite.signature, verify: async () => true } };
    const { proposals, commit } = await rawCandidate(
      clientState(alice.group),
      [add({ ...signed, signature })],
      gullible,
    );
    expect((await bob.mls.stage(bob.group, proposals, commit)).outcome).toEqual({
      kind: "rejected",
      reason: "invalid-add",
      sender: alice.mls.identity,
    });
  });

  test("are neither proposed nor staged: an init key equal to a member's leaf key", async () => {
    const [alice, bob] = await three();
    const leaf = clientState(alice.group).ratchetTree[2];
    if (leaf?.nodeType !== "leaf") throw new Error("unreachable");
    const keyPackage = await twistedKeyPackage("dave", { initPublicKey: leaf.leaf.hpkePublicKey });
    expect(await alice.mls.canAdd(alice.group, encodeKeyPackage(keyPackage))).toEqual({
      ok: false,
      reason: "duplicate-encryption-key",
    });
    const { proposals, commit } = await rawCandidate(clientState(alice.group), [add(keyPackage)]);
    expect((await bob.mls.stage(bob.group, proposals, commit)).outcome).toMatchObject({
      reason: "invalid-add",
    });
  });

  test("are neither valid nor proposed: an identity changed after signing", async () => {
    const [alice] = await three();
    const keyPackage = encodeKeyPackage(await twistedKeyPackage("dave"));
    const forged = keyPackage.slice();
    const at = [...keyPackage].findIndex(
      (_, i) => new TextDecoder().decode(keyPackage.subarray(i, i + 4)) === "dave",
    );
    forged.set(utf8ToBytes("evil"), at);
    expect(await alice.mls.inspectKeyPackage(forged)).toEqual({ ok: false, reason: "bad-signature" });
    await expect(
      alice.mls.createCandidate(alice.group, [{ kind: "add", keyPackage: forged }]),
    ).rejects.toMatchObject({
      code: "invalid-key-package",
    });
  });
});

describe("the sender of a late message", () => {
  test("stays the same, even if another member now has the leaf", async () => {
    const [alice, bob] = await three();
    const late = await bob.mls.seal(bob.group, HELLO);
    const { group, candidate } = await alice.mls.createCandidate(alice.group, [
      { kind: "remove", member: bob.mls.identity },
      { kind: "add", keyPackage: await keyPackageOf("dave") },
    ]);
    const next = alice.mls.merge(group, candidate);
    expect(next.members).not.toContain(bob.mls.identity);
    expect((await alice.mls.open(next, late.message)).outcome).toEqual({
      kind: "application",
      sender: bob.mls.identity,
      leafIndex: 1,
      generation: 0,
      plaintext: HELLO,
      epoch: 1n,
    });
  });
});

describe("removing the own member", () => {
  test("is rejected in an own candidate, and possible in another member's", async () => {
    const [alice, bob] = await three();
    await expect(
      alice.mls.createCandidate(alice.group, [{ kind: "remove", member: alice.mls.identity }]),
    ).rejects.toMatchObject({ code: "self-removal", field: "changes" });
    const { candidate } = await bob.mls.createCandidate(bob.group, [
      { kind: "remove", member: alice.mls.identity },
    ]);
    const seen = await alice.mls.stage(alice.group, candidate.proposals, candidate.commit);
    expect(seen.outcome).toMatchObject({ kind: "staged", staged: { selfRemoved: true } });
  });
});

describe("pending proposals", () => {
  test("of own or staged candidates do not block application messages", async () => {
    const [alice, bob, carol] = await three();
    const { group, candidate } = await alice.mls.createCandidate(alice.group, [
      { kind: "remove", member: carol.mls.identity },
    ]);
    const seen = await bob.mls.stage(bob.group, candidate.proposals, candidate.commit);
    const fromAlice = await alice.mls.seal(group, HELLO);
    const fromBob = await bob.mls.seal(seen.group, HELLO);
    expect((await bob.mls.open(fromBob.group, fromAlice.message)).outcome.kind).toBe("application");
    expect((await alice.mls.open(fromAlice.group, fromBob.message)).outcome.kind).toBe("application");
  });
});

describe("encoding a group", () => {
  test("keeps skipped and spent generations, and still merges a commit", async () => {
    const [alice, bob] = await three();
    const first = await alice.mls.seal(alice.group, HELLO);
    const second = await alice.mls.seal(first.group, HELLO);
    const opened = await bob.mls.open(bob.group, second.message);
    const saved = bob.mls.encodeGroup(opened.group);
    const loaded = bob.mls.decodeGroup(saved);
    expect(bob.mls.encodeGroup(loaded)).toEqual(saved);
    const { state: _, ...shown } = opened.group;
    expect(loaded).toMatchObject(shown);
    expect((await bob.mls.open(loaded, second.message)).outcome).toMatchObject({ reason: "replayed" });
    expect((await bob.mls.open(loaded, first.message)).outcome).toMatchObject({ plaintext: HELLO });
    const { candidate } = await alice.mls.createCandidate(second.group, [
      { kind: "add", keyPackage: await keyPackageOf("dave") },
    ]);
    const follower = { mls: bob.mls, group: loaded };
    await stageAndAdopt(follower, candidate);
    const reloaded = bob.mls.decodeGroup(bob.mls.encodeGroup(follower.group));
    expect((await bob.mls.open(reloaded, first.message)).outcome).toMatchObject({ plaintext: HELLO });
  });

  test("lets a separately encoded candidate be merged after decoding", async () => {
    const [alice, bob] = await three();
    const { group, candidate } = await alice.mls.createCandidate(alice.group, [
      { kind: "remove", member: bob.mls.identity },
    ]);
    const next = alice.mls.decodeGroup(alice.mls.encodeGroup(candidate.next));
    const merged = alice.mls.merge(alice.mls.decodeGroup(alice.mls.encodeGroup(group)), {
      ...candidate,
      next,
    });
    expect(alice.mls.encodeGroup(merged)).toEqual(alice.mls.encodeGroup(alice.mls.merge(group, candidate)));
  });
});

describe("merging", () => {
  test("keeps messages opened after staging from being opened again in the next epoch", async () => {
    const [alice, bob, carol] = await three();
    const early = await carol.mls.seal(carol.group, HELLO);
    const late = await carol.mls.seal(early.group, HELLO);
    const { candidate } = await alice.mls.createCandidate(alice.group, [
      { kind: "add", keyPackage: await keyPackageOf("dave") },
    ]);
    const seen = await bob.mls.stage(bob.group, candidate.proposals, candidate.commit);
    if (seen.outcome.kind !== "staged") throw new Error(seen.outcome.reason);
    const opened = await bob.mls.open(seen.group, early.message);
    const next = bob.mls.merge(opened.group, seen.outcome.staged);
    expect((await bob.mls.open(next, early.message)).outcome).toEqual({
      kind: "rejected",
      reason: "replayed",
    });
    expect((await bob.mls.open(next, late.message)).outcome).toMatchObject({
      kind: "application",
      epoch: 1n,
    });
  });

  test("rejects a commit of a past epoch", async () => {
    const [alice, , carol] = await three();
    const remove = [{ kind: "remove", member: carol.mls.identity }] as const;
    const first = await alice.mls.createCandidate(alice.group, remove);
    const second = await alice.mls.createCandidate(first.group, remove);
    const next = alice.mls.merge(second.group, first.candidate);
    expect(() => alice.mls.merge(next, second.candidate)).toThrow(
      expect.objectContaining({ code: "stale-commit" }),
    );
  });
});
