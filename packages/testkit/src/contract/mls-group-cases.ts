import { STRICT_MARKER, type MlsGroup } from "@demls/mls";
import { bytesToHex, utf8ToBytes } from "@demls/wire/core";
import { expectEqual, expectMistake, type ContractCase } from "./contract-case.js";
import { admit, commit, open, createCandidate, seal, stage, type Cast, type Holder } from "./mls-members.js";

/** Cases about groups: creating and changing them, and their immutability. */
export function groupCases(cast: Cast): ContractCase[] {
  return [
    {
      name: "creates a group in epoch 0 with its creator alone",
      async run() {
        const [{ mls, group }] = await cast.group(["alice"]);
        const id = bytesToHex(utf8ToBytes("garden"));
        expectEqual(view(group), [id, "garden", 0n, mls.identity, [mls.identity], []], "The new group");
        expectEqual(
          group.supportedExtensions.includes(STRICT_MARKER),
          true,
          "Whether its leaf lists the marker",
        );
      },
    },
    {
      name: "rejects a group name that is empty or not Unicode",
      async run() {
        const alice = await cast.service("alice");
        for (const name of ["", "\ud800"])
          await expectMistake(() => alice.createGroup(name), "invalid-conversation-name");
      },
    },
    {
      name: "makes members agree on epoch, members and authenticator, for any committer",
      async run() {
        const [alice, ...others] = await cast.group(["alice", "bob", "carol"]);
        const [bob, carol] = others as [Holder, Holder];
        expectAgreement([alice, bob, carol]);
        expectEqual(bob.group.members, idsOf([alice, bob, carol]), "The members");
        const before = alice.group.epochAuthenticator;
        const [dave] = (await admit(bob, [alice, carol], [await cast.service("dave")])) as [Holder];
        expectAgreement([alice, bob, carol, dave]);
        expectEqual(dave.group.epoch, 2n, "The epoch after two commits");
        expectEqual(
          sameBytes(before, alice.group.epochAuthenticator),
          false,
          "An authenticator of two epochs",
        );
        await commit(dave, [alice, carol], [{ kind: "remove", member: bob.mls.identity }]);
        expectAgreement([alice, carol, dave]);
        expectEqual(
          alice.group.members.includes(bob.mls.identity),
          false,
          "Whether the removed member is listed",
        );
      },
    },
    {
      name: "lets a removed member rejoin with another key package",
      async run() {
        const [alice, ...others] = await cast.group(["alice", "bob", "carol"]);
        const [bob, carol] = others as [Holder, Holder];
        await commit(alice, [carol], [{ kind: "remove", member: bob.mls.identity }]);
        const [again] = (await admit(carol, [alice], [bob.mls])) as [Holder];
        expectAgreement([alice, carol, again]);
        expectEqual((await open(alice, await seal(again, "back"))).kind, "application", "Its message");
      },
    },
    {
      name: "reports required and commonly supported extensions to every member",
      async run() {
        const everyone = await cast.group(["alice", "bob"], { requiredExtensions: [STRICT_MARKER] });
        for (const { group } of everyone) {
          expectEqual(group.requiredExtensions, [STRICT_MARKER], "The required extensions");
          const isSupported = group.supportedExtensions.includes(STRICT_MARKER);
          expectEqual(isSupported, true, "Whether all leaves list the extension");
        }
      },
    },
    {
      name: "draws the id of a group that requires the marker, and tells members its name",
      async run() {
        const strict = { requiredExtensions: [STRICT_MARKER] };
        const [alice, bob] = (await cast.group(["alice", "bob"], strict)) as [Holder, Holder];
        expectEqual(/^[0-9a-f]{32}$/.test(alice.group.groupId), true, "Whether the id is 16 bytes in hex");
        expectEqual(
          [bob.group.groupId, bob.group.name],
          [alice.group.groupId, "garden"],
          "The joiner's view",
        );
        const described = alice.mls.describe(await seal(bob, "hello"));
        expectEqual(
          described,
          { kind: "application", groupId: alice.group.groupId, epoch: 1n },
          "The description of its message",
        );
        const { mls } = alice;
        const other: Holder = { mls, group: await mls.createGroup("garden", strict) };
        expectEqual(
          other.group.groupId === alice.group.groupId,
          false,
          "Whether two groups of one name share an id",
        );
        const foreign = { kind: "ignored", reason: "other-group" };
        expectEqual(await open(bob, await seal(other, "hello")), foreign, "A message of the other group");
        const restored = mls.decodeGroup(mls.encodeGroup(other.group));
        expectEqual(view(restored), view(other.group), "The group after decoding");
      },
    },
    {
      name: "rejects a group that requires an extension missing at its creator",
      async run() {
        const alice = await cast.service("alice");
        const options = { requiredExtensions: [STRICT_MARKER, 0xf0ff] };
        await expectMistake(() => alice.createGroup("garden", options), "unsupported-extension");
      },
    },
    {
      name: "mutates no group passed in",
      async run() {
        const [alice, bob] = (await cast.group(["alice", "bob"])) as [Holder, Holder];
        const { mls, group } = alice;
        const before = mls.encodeGroup(group);
        const keyPackage = (await (await cast.service("carol")).generateKeyPackage()).bytes;
        await mls.seal(group, utf8ToBytes("hello"));
        await mls.open(group, await seal(bob, "hello"));
        const own = await mls.createCandidate(group, [{ kind: "add", keyPackage }]);
        const { proposals, commit: message } = await createCandidate(bob, [{ kind: "add", keyPackage }]);
        await mls.stage(group, proposals, message);
        mls.merge(group, own.candidate);
        expectEqual(mls.encodeGroup(group), before, "The group afterwards");
      },
    },
    {
      name: "decodes an encoded group, and continues from it",
      async run() {
        const [alice, bob] = (await cast.group(["alice", "bob"])) as [Holder, Holder];
        const early = await seal(bob, "early");
        await seal(alice, "spent");
        const bytes = alice.mls.encodeGroup(alice.group);
        const keys = { privateKey: alice.mls.signaturePrivateKey, publicKey: alice.mls.signaturePublicKey };
        const mls = await cast.service("alice", { signatureKeyPair: keys });
        const again: Holder = { mls, group: mls.decodeGroup(bytes) };
        expectEqual(mls.encodeGroup(again.group), bytes, "The second encoding");
        expectEqual(view(again.group), view(alice.group), "The group");
        expectEqual((await open(again, early)).kind, "application", "A message to it");
        expectEqual((await open(bob, await seal(again, "later"))).kind, "application", "A message from it");
        const candidate = await createCandidate(again, [{ kind: "remove", member: bob.mls.identity }]);
        expectEqual((await stage(bob, candidate)).selfRemoved, true, "Whether its commit removes bob");
      },
    },
    {
      name: "rejects bytes that are not an encoded group",
      async run() {
        const [{ mls, group }] = await cast.group(["alice"]);
        const bytes = mls.encodeGroup(group);
        for (const wrong of [new Uint8Array(), new Uint8Array(100), bytes.subarray(0, -1)])
          await expectMistake(() => mls.decodeGroup(wrong), "corrupt-group");
      },
    },
    {
      name: "rejects a group of another implementation",
      async run() {
        const [{ mls, group }] = await cast.group(["alice"]);
        const foreign = { ...group, state: { foreign: true } };
        await expectMistake(() => mls.seal(foreign, utf8ToBytes("hello")), "foreign-group");
        await expectMistake(() => mls.encodeGroup(foreign), "foreign-group");
      },
    },
    {
      name: "wipes only secrets that no kept group refers to",
      async run() {
        const [alice, bob] = (await cast.group(["alice", "bob"])) as [Holder, Holder];
        const late = await seal(bob, "late");
        const old = alice.group;
        const keyPackage = (await (await cast.service("carol")).generateKeyPackage()).bytes;
        const dropped = await createCandidate(alice, [{ kind: "remove", member: bob.mls.identity }]);
        alice.mls.wipe([dropped.next], [alice.group]);
        await commit(alice, [bob], [{ kind: "add", keyPackage }]);
        alice.mls.wipe([old], [alice.group]);
        expectEqual((await open(alice, late)).kind, "application", "A message of the epoch before");
        expectEqual((await open(bob, await seal(alice, "new"))).kind, "application", "A new message");
        alice.mls.wipe([alice.group], []);
        expectEqual(await isHeard(alice, bob), false, "Whether members open a message of the wiped group");
      },
    },
  ];
}

function view({ groupId, name, epoch, self, members, requiredExtensions }: MlsGroup): unknown {
  return [groupId, name, epoch, self, members, requiredExtensions];
}

function expectAgreement(holders: readonly Holder[]): void {
  const [first, ...others] = holders.map(({ group }) => [
    group.epoch,
    group.members,
    group.epochAuthenticator,
  ]);
  for (const other of others) expectEqual(other, first, "Another member's view");
}

function idsOf(holders: readonly Holder[]): unknown {
  return holders.map(({ mls }) => mls.identity);
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.every((byte, i) => byte === b[i]);
}

/** Whether a listener opens a speaker's message. Any failure counts as no. */
async function isHeard(speaker: Holder, listener: Holder): Promise<boolean> {
  try {
    return (await open(listener, await seal(speaker, "ghost"))).kind === "application";
  } catch {
    return false;
  }
}
