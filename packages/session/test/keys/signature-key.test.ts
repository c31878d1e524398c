import { leafName, type RosterEntry } from "@demls/mls";
import { createSeededRandom } from "@demls/testkit";
import { REPAIR_SUBTOPIC } from "@demls/wire/core";
import { beforeEach, describe, expect, test } from "vitest";
import {
  candidatePacket,
  candidatesBy,
  command,
  createMls,
  epochOf,
  eventsOf,
  forgedCommit,
  fork,
  gather,
  keyPackagePacket,
  provingMls,
  receive,
  recordOf,
  renewSignatureKey,
  rolesOf,
  runFor,
  runUntil,
  send,
  shareEpoch,
  take,
  textsOf,
  vanish,
  wallMs,
  type Member,
  type World,
} from "../harness/index.js";

const HOUR_MS = 3_600_000;

const settled = await gather(["alice", "bob", "carol", "dave"], { mode: "strict" });
await runFor(settled.world, 60_000);

let world: World;
let everyone: Member[];
let steward: Member, writer: Member, owner: Member, other: Member;

beforeEach(async () => {
  ({ world } = await fork(settled.world));
  everyone = world.members;
  [steward, writer, owner, other] = rolesOf(world);
});

/** Leaf of a member at a viewer. */
function leafOf(viewer: Member, { id, name }: Member): RosterEntry {
  const leaf = viewer.state.group.roster.find(({ member }) => member === id);
  if (leaf === undefined) throw new Error(`${name} is no member.`);
  return leaf;
}

/** Renews the signature key of a member, and waits until its commit is merged. */
async function renew(member: Member): Promise<void> {
  await renewSignatureKey(member);
  await command(world, member, { kind: "renewKeys" });
  await runUntil(world, () => member.state.keys.requestedAtMs === undefined);
  await runFor(world, 20_000);
}

describe("A member that renews its signature key", () => {
  test("keeps its leaf and its place, and goes on with the new key", async () => {
    const former = leafOf(writer, owner);
    await renew(owner);
    const leaf = leafOf(writer, owner);
    expect(leaf).toMatchObject({ admission: former.admission, leafIndex: former.leafIndex });
    expect(leaf.signatureKey).toEqual(owner.mls.signaturePublicKey);
    expect(leaf.signatureKey).not.toEqual(former.signatureKey);
    expect(leaf.keySince).toBeGreaterThan(former.keySince);
    expect(shareEpoch(everyone)).toBe(true);
    await send(world, owner, "from the new key");
    await send(world, writer, "to the new key");
    await runFor(world, 10_000);
    expect(textsOf(writer)).toContain("from the new key");
    expect(textsOf(owner)).toContain("to the new key");
  });

  test("gives its leaf the new key by a commit two and a half hours later at the latest, unasked", async () => {
    await renewSignatureKey(owner);
    await take(world, owner, { kind: "tick" });
    await runFor(world, 3 * HOUR_MS);
    expect(leafOf(writer, owner).signatureKey).toEqual(owner.mls.signaturePublicKey);
    expect(eventsOf(writer, "keysRenewed").map(({ member }) => member)).toEqual([owner.id]);
  });
});

describe("Members that renew their signature keys while another one is away", () => {
  test("serve it all that it has missed: it comes back without replacing its leaf", async () => {
    vanish(world, [other]);
    other.wakeAtMs = undefined;
    await send(world, writer, "before");
    for (const member of [steward, writer, owner]) await renew(member);
    await send(world, owner, "after");
    await runFor(world, 60_000);
    world.arrives = () => true;
    await take(world, other, { kind: "resumed" });
    await runFor(world, 10 * 60_000);
    expect(shareEpoch(everyone)).toBe(true);
    expect(textsOf(other)).toEqual(expect.arrayContaining(["before", "after"]));
    expect(eventsOf(other, "rejoined")).toEqual([]);
  });

  test("are believed by it when they welcome it again, if no packets are left", async () => {
    vanish(world, [other]);
    other.wakeAtMs = undefined;
    for (const member of [steward, writer, owner]) await renew(member);
    for (const member of [steward, writer, owner]) {
      const { repair } = member.state;
      const epochs = repair.epochs.slice(-1);
      const log = repair.log.filter(({ epoch }) => epoch === epochs[0]?.epoch);
      member.state = { ...member.state, repair: { ...repair, epochs, log } };
    }
    world.arrives = () => true;
    await take(world, other, { kind: "resumed" });
    await send(world, writer, "are you there?");
    await runUntil(world, () => eventsOf(other, "rejoined").length > 0, world.nowMs + HOUR_MS);
    await runFor(world, 60_000);
    expect(shareEpoch(everyone)).toBe(true);
  });
});

describe("A thief of a member's storage", () => {
  /** The key package by which a holder of a member's present signature key takes its place. */
  async function claim(): Promise<Uint8Array> {
    const { admission = new Uint8Array(0) } = leafOf(owner, owner);
    const mls = await createMls(false, {
      identity: owner.signer.identity,
      random: createSeededRandom("thief"),
      wallMs: () => wallMs(world),
      signatureKeyPair: {
        privateKey: owner.mls.signaturePrivateKey.slice(),
        publicKey: owner.mls.signaturePublicKey,
        since: owner.mls.signatureKeySince,
      },
    });
    // The storage has the identity proof of its key too.
    const stolen = provingMls({ mls, signer: owner.signer });
    const replaces = [leafName(owner.state.group.name, admission)];
    return (await stolen.generateKeyPackage({ replaces })).bytes;
  }

  test("takes its place while it is away, until it has renewed its signature key", async () => {
    const stolen = await claim();
    const { world: elsewhere } = await fork(world, "unrenewed");
    const [reader, absent] = [writer, owner].map(
      (member) => elsewhere.members[world.members.indexOf(member)],
    ) as [Member, Member];
    vanish(elsewhere, [absent]);
    absent.wakeAtMs = undefined;
    const packet = keyPackagePacket(absent, stolen);
    for (const member of elsewhere.members) if (member !== absent) await receive(elsewhere, member, packet);
    await runFor(elsewhere, 10 * 60_000);
    expect(eventsOf(reader, "memberRejoined").map(({ member }) => member)).toEqual([owner.id]);

    await renew(owner);
    expect(await receive(world, writer, keyPackagePacket(owner, stolen))).toMatchObject({
      ...{ kind: "rejected", reason: "invalid-key-package", detail: "superseded-key" },
    });
  });

  test("keeps no member waiting by a claim that comes just before the renewal", async () => {
    const stolen = keyPackagePacket(owner, await claim());
    await renewSignatureKey(owner);
    await command(world, owner, { kind: "renewKeys" });
    // With one choice, the commit is not merged yet.
    world.arrives = ({ packet, from }) => packet.subtopic !== REPAIR_SUBTOPIC || from === owner;
    await runUntil(world, () => candidatesBy(writer, owner).length > 0);
    await runFor(world, 2_000);
    for (const member of [steward, writer, other]) await receive(world, member, stolen);
    expect(writer.state.rejoin.requested.size).toBe(1);
    vanish(world, [owner]);
    owner.wakeAtMs = undefined;
    await runUntil(world, () => leafOf(writer, owner).keySince === owner.mls.signatureKeySince);
    await runFor(world, 60_000);
    const before = eventsOf(writer, "phaseChanged").length;
    await runFor(world, HOUR_MS);
    expect(eventsOf(writer, "phaseChanged").length).toBe(before);
  });

  test("takes no place by a commit of an accomplice, whatever a majority has chosen", async () => {
    const stolen = await claim();
    await renew(owner);
    const remove = { kind: "remove", member: owner.id } as const;
    const commit = await forgedCommit(steward, [remove, { kind: "add", keyPackage: stolen }]);
    expect(await receive(world, writer, candidatePacket(steward, commit))).toMatchObject({
      ...{ kind: "rejected", reason: "invalid-candidate", detail: "superseded-key" },
    });
  });
});

describe("A commit with another signature key in its committer's leaf", () => {
  /** A commit without changes by `owner`, whose leaf gets the present key of its service with this proof. */
  async function commitWith(identityProof: Uint8Array) {
    const authenticatedData = (await recordOf(owner)) ?? new Uint8Array(0);
    const options = { authenticatedData, identityProof };
    const { group, candidate } = await owner.mls.createCandidate(owner.state.group, [], options);
    owner.state = { ...owner.state, group };
    return candidatePacket(owner, candidate);
  }

  test("is held with a proof of the identity, and not without a genuine one", async () => {
    await runFor(world, HOUR_MS);
    await renewSignatureKey(owner);
    const from = epochOf(writer);
    const forged = await receive(world, writer, await commitWith(new Uint8Array(65).fill(1)));
    expect(forged).toMatchObject({
      ...{ kind: "rejected", reason: "invalid-candidate", detail: "changed-binding" },
    });
    await receive(world, writer, await commitWith(owner.identityProof ?? new Uint8Array(0)));
    expect(candidatesBy(writer, owner)).toHaveLength(1);
    expect(epochOf(writer)).toBe(from);
  });
});
