import { utf8ToBytes } from "@demls/wire/core";
import { describe, expect, test, vi } from "vitest";
import { loadVectors } from "../../../vectors/load.js";
import { createMlsService, MAX_IDENTITY_BYTES, STRICT_MARKER, type BoundGroup } from "../src/index.js";
import { parseKeyPackage } from "../src/key-package/encoding.js";
import { add, rawCandidate } from "./forged-candidates.js";
import {
  clientState,
  groupOf,
  member,
  RECORDED_MS,
  seededRandom,
  type GroupMember,
} from "./group-members.js";

const recorded = loadVectors<{ readonly key_packages: readonly { readonly json: string }[] }>("08_mls.json");

describe("createMlsService", () => {
  const wallMs = () => RECORDED_MS;
  const random = seededRandom("service");

  test("rejects an empty identity", async () => {
    await expect(createMlsService({ identity: new Uint8Array(0), random, wallMs })).rejects.toMatchObject({
      code: "invalid-identity",
      field: "identity",
      remedy: expect.any(String) as string,
    });
  });

  test("rejects an identity longer than the limit", async () => {
    const identity = new Uint8Array(MAX_IDENTITY_BYTES + 1);
    await expect(createMlsService({ identity, random, wallMs })).rejects.toMatchObject({
      code: "invalid-identity",
      field: "identity",
      remedy: expect.any(String) as string,
    });
  });

  test("rejects mismatched halves of a signature key pair", async () => {
    const [one, two] = [await member("one"), await member("two")];
    const options = { identity: utf8ToBytes("x"), random, wallMs };
    for (const privateKey of [two.signaturePrivateKey, new Uint8Array(31)])
      await expect(
        createMlsService({ ...options, signatureKeyPair: { privateKey, publicKey: one.signaturePublicKey } }),
      ).rejects.toMatchObject({ code: "invalid-signature-key", remedy: expect.any(String) as string });
  });

  test("recreates the same member from its signature keys", async () => {
    const former = await member("alice");
    const again = await member("alice", {
      random: seededRandom("other"),
      signatureKeyPair: { privateKey: former.signaturePrivateKey, publicKey: former.signaturePublicKey },
    });
    const group = former.decodeGroup(former.encodeGroup(await former.createGroup("garden")));
    expect(
      (await again.seal(again.decodeGroup(again.encodeGroup(group)), utf8ToBytes("x"))).message,
    ).toBeDefined();
  });
});

describe("createGroup", () => {
  test("rejects a required extension that the creator does not list", async () => {
    const options = { requiredExtensions: [STRICT_MARKER, 0xf0ff] };
    await expect((await member("alice")).createGroup("garden", options)).rejects.toMatchObject({
      code: "unsupported-extension",
      field: "requiredExtensions",
    });
  });

  test.each(["", "\ud800"])("rejects the name %j", async (name) => {
    await expect((await member("alice")).createGroup(name)).rejects.toMatchObject({
      code: "invalid-conversation-name",
      field: "name",
      remedy: expect.any(String),
    });
  });
});

const MARKED = { requiredExtensions: [STRICT_MARKER] };

describe("a group that requires the marker", () => {
  test("reports the requirement to every member", async () => {
    const everyone = await groupOf(["alice", "bob", "carol"], MARKED);
    expect(everyone.map(({ group }) => group.requiredExtensions)).toEqual([
      [STRICT_MARKER],
      [STRICT_MARKER],
      [STRICT_MARKER],
    ]);
  });

  test("rejects the commit of a member that adds the key package of another group", async () => {
    const [alice, bob] = (await groupOf(["alice", "bob", "dora"], MARKED)) as [GroupMember, GroupMember];
    // In such a group every commit has a path, as ts-mls makes it for a removal.
    const removeDora = { proposalType: "remove", remove: { removed: 2 } } as const;
    const { name, groupId } = alice.group;
    const carol = await member("carol");
    const stagedWith = async (boundTo: BoundGroup): Promise<unknown> => {
      const { bytes } = await carol.generateKeyPackage({ boundTo });
      const keyPackage = parseKeyPackage(bytes);
      if (keyPackage === undefined) throw new Error("unreachable");
      const { proposals, commit } = await rawCandidate(clientState(bob.group), [add(keyPackage), removeDora]);
      const { outcome } = await alice.mls.stage(alice.group, proposals, commit);
      return outcome.kind === "rejected" ? outcome.reason : outcome.kind;
    };
    expect(await stagedWith({ name: "meadow", groupId: undefined })).toBe("invalid-add");
    expect(await stagedWith({ name, groupId: "00".repeat(16) })).toBe("invalid-add");
    expect(await stagedWith({ name, groupId })).toBe("staged");
  });

  test("rejects a de-mls 3.0.0 key package as unsupported, unlike other groups", async () => {
    const [strict, open] = [(await groupOf(["alice"], MARKED))[0], (await groupOf(["alice"]))[0]];
    const keyPackage = utf8ToBytes(recorded.key_packages[0]?.json ?? "");
    if (!strict || !open) throw new Error("unreachable");
    expect(await strict.mls.canAdd(strict.group, keyPackage)).toEqual({
      ok: false,
      reason: "missing-required-capability",
    });
    await expect(
      strict.mls.createCandidate(strict.group, [{ kind: "add", keyPackage }]),
    ).rejects.toMatchObject({
      code: "invalid-key-package",
      message: expect.stringContaining("missing-required-capability") as string,
    });
    expect(await open.mls.canAdd(open.group, keyPackage)).toMatchObject({ ok: true });
    expect(
      (await open.mls.createCandidate(open.group, [{ kind: "add", keyPackage }])).candidate.next.members,
    ).toHaveLength(2);
  });
});

describe("createCandidate", () => {
  test("rejects removals of non-members and duplicate removals", async () => {
    const [alice, bob] = await groupOf(["alice", "bob"]);
    if (!alice || !bob) throw new Error("unreachable");
    const remove = { kind: "remove", member: bob.mls.identity } as const;
    const stranger = { kind: "remove", member: (await member("carol")).identity } as const;
    const createCandidate = (...changes: Parameters<typeof alice.mls.createCandidate>[1]) =>
      alice.mls.createCandidate(alice.group, changes);
    const mistake = (code: string) => ({ code, field: "changes", remedy: expect.any(String) });
    await expect(createCandidate(stranger)).rejects.toMatchObject(mistake("not-a-member"));
    await expect(createCandidate(remove, remove)).rejects.toMatchObject(mistake("duplicate-removal"));
  });

  test("rejects a key package that shares keys with a different Add of the same commit", async () => {
    const [alice] = await groupOf(["alice"]);
    if (!alice) throw new Error("unreachable");
    const random = () => seededRandom("twins");
    const twins = ["one", "two"].map(async (name) => member(name, { random: random() }));
    const [one, two] = await Promise.all(twins.map(async (twin) => (await twin).generateKeyPackage()));
    if (!one || !two) throw new Error("unreachable");
    const others = [new Uint8Array(3), (await (await member("carol")).generateKeyPackage()).bytes, one.bytes];
    expect(await alice.mls.canAdd(alice.group, one.bytes, others)).toMatchObject({ ok: true });
    expect(await alice.mls.canAdd(alice.group, two.bytes)).toMatchObject({ ok: true });
    expect(await alice.mls.canAdd(alice.group, two.bytes, others)).toEqual({
      ok: false,
      reason: "duplicate-signature-key",
    });
  });

  test("rejects a member's second key package, unless the candidate removes the member", async () => {
    const [alice, bob] = await groupOf(["alice", "bob"]);
    if (!alice || !bob) throw new Error("unreachable");
    const add = { kind: "add", keyPackage: (await bob.mls.generateKeyPackage()).bytes } as const;
    expect(await alice.mls.canAdd(alice.group, add.keyPackage)).toEqual({
      ok: false,
      reason: "already-member",
    });
    await expect(alice.mls.createCandidate(alice.group, [add])).rejects.toMatchObject({
      code: "invalid-key-package",
    });
    const remove = { kind: "remove", member: bob.mls.identity } as const;
    const { candidate } = await alice.mls.createCandidate(alice.group, [remove, add]);
    expect(candidate.next.members).toEqual([alice.mls.identity, bob.mls.identity]);
  });

  test("rejects a repeated key package", async () => {
    const [alice] = await groupOf(["alice"]);
    if (!alice) throw new Error("unreachable");
    const add = {
      kind: "add",
      keyPackage: (await (await member("bob")).generateKeyPackage()).bytes,
    } as const;
    await expect(alice.mls.createCandidate(alice.group, [add, add])).rejects.toMatchObject({
      code: "invalid-key-package",
      message: expect.stringContaining("duplicate-signature-key") as string,
    });
  });

  test("uses the injected clock, not the platform's", async () => {
    const [alice] = await groupOf(["alice"]);
    if (!alice) throw new Error("unreachable");
    const add = {
      kind: "add",
      keyPackage: (await (await member("bob")).generateKeyPackage()).bytes,
    } as const;
    vi.useFakeTimers({ toFake: ["Date"], now: RECORDED_MS + 365 * 24 * 3_600_000 });
    try {
      const { candidate } = await alice.mls.createCandidate(alice.group, [add]);
      expect(candidate.next.members).toHaveLength(2);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe("join", () => {
  test("rejects another member's key package", async () => {
    const [alice] = await groupOf(["alice"]);
    if (!alice) throw new Error("unreachable");
    const [bob, carol] = [await member("bob"), await member("carol")];
    const own = await bob.generateKeyPackage();
    const { candidate } = await alice.mls.createCandidate(alice.group, [
      { kind: "add", keyPackage: own.bytes },
    ]);
    const welcome = candidate.welcome ?? new Uint8Array(0);
    expect(await carol.join(welcome, [own])).toEqual({ kind: "invalid", reason: "invalid" });
    expect(await bob.join(candidate.commit, [own])).toEqual({ kind: "invalid", reason: "malformed" });
    expect(await bob.join(welcome, [])).toEqual({ kind: "notForUs" });
  });

  test("reports a group with expired leaves", async () => {
    const [alice] = await groupOf(["alice"]);
    if (!alice) throw new Error("unreachable");
    const late = await member("bob", { wallMs: () => RECORDED_MS + 85 * 24 * 3_600_000 });
    const own = await (await member("bob")).generateKeyPackage();
    const { candidate } = await alice.mls.createCandidate(alice.group, [
      { kind: "add", keyPackage: own.bytes },
    ]);
    expect(await late.join(candidate.welcome ?? new Uint8Array(0), [own])).toEqual({
      kind: "invalid",
      reason: "expired-member",
    });
  });

  test("rejects a damaged welcome without changing the key package", async () => {
    const [alice] = await groupOf(["alice"]);
    if (!alice) throw new Error("unreachable");
    const bob = await member("bob");
    const own = await bob.generateKeyPackage();
    const { candidate } = await alice.mls.createCandidate(alice.group, [
      { kind: "add", keyPackage: own.bytes },
    ]);
    const welcome = candidate.welcome ?? new Uint8Array(0);
    const damaged = welcome.map((byte, i) => (i === welcome.length - 1 ? byte ^ 1 : byte));
    expect(await bob.join(damaged, [own])).toEqual({ kind: "invalid", reason: "invalid" });
    expect((await bob.join(welcome, [own])).kind).toBe("joined");
  });
});

describe("wiping all group values", () => {
  test("zeroes the group's secrets, but not the user's signature key", async () => {
    const [alice] = await groupOf(["alice", "bob"]);
    if (!alice) throw new Error("unreachable");
    const { epochAuthenticator } = alice.group;
    alice.mls.wipe([alice.group], []);
    expect(clientState(alice.group).keySchedule.initSecret).toEqual(new Uint8Array(32));
    expect(alice.mls.signaturePrivateKey).not.toEqual(new Uint8Array(32));
    expect(epochAuthenticator).not.toEqual(new Uint8Array(32));
  });
});

test("a group of another implementation is rejected with foreign-group", async () => {
  const [alice] = await groupOf(["alice"]);
  if (!alice) throw new Error("unreachable");
  const foreign = { ...alice.group, state: { other: true } };
  expect(() => alice.mls.encodeGroup(foreign)).toThrow(expect.objectContaining({ code: "foreign-group" }));
});
