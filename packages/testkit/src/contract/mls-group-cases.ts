import { STRICT_MARKER, type MlsGroup } from "@demls/mls";
import { utf8ToBytes } from "@demls/wire/core";
import { expectEqual, expectMistake, type ContractCase } from "./contract-case.js";
import { admit, commit, open, createCandidate, seal, stage, type Cast, type Holder } from "./mls-members.js";

/** Groups: how they begin, grow and shrink, and that they are values. */
export function groupCases(cast: Cast): ContractCase[] {
  return [
    {
      name: "begins a group in epoch 0 with its creator alone",
      async run() {
        const [{ mls, group }] = await cast.group(["alice"]);
        expectEqual(view(group), ["garden", 0n, mls.identity, [mls.identity], []], "The new group");
        expectEqual(group.supportedExtensions.includes(STRICT_MARKER), true, "Its leaf's listing the marker");
      },
    },
    {
      name: "refuses an empty name and one that is not Unicode",
      async run() {
        const alice = await cast.service("alice");
        for (const name of ["", "\ud800"])
          await expectMistake(() => alice.createGroup(name), "invalid-conversation-name");
      },
    },
    {
      name: "has members agree on epoch, members and authenticator, whoever commits",
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
        expectEqual(alice.group.members.includes(bob.mls.identity), false, "The removed member's being in");
      },
    },
    {
      name: "lets who was removed come back with another key package",
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
      name: "tells every member which extensions the group requires, and which all of them support",
      async run() {
        const everyone = await cast.group(["alice", "bob"], { requiredExtensions: [STRICT_MARKER] });
        for (const { group } of everyone) {
          expectEqual(group.requiredExtensions, [STRICT_MARKER], "What the group requires");
          expectEqual(group.supportedExtensions, [STRICT_MARKER], "What all support");
        }
      },
    },
    {
      name: "creates no group that requires an extension its creator does not list",
      async run() {
        const alice = await cast.service("alice");
        const options = { requiredExtensions: [STRICT_MARKER, 0xf0ff] };
        await expectMistake(() => alice.createGroup("garden", options), "unsupported-extension");
      },
    },
    {
      name: "changes no group that it was handed",
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
      name: "reads back what it wrote of a group, and goes on from it",
      async run() {
        const [alice, bob] = (await cast.group(["alice", "bob"])) as [Holder, Holder];
        const early = await seal(bob, "early");
        await seal(alice, "spent");
        const bytes = alice.mls.encodeGroup(alice.group);
        const keys = { privateKey: alice.mls.signaturePrivateKey, publicKey: alice.mls.signaturePublicKey };
        const mls = await cast.service("alice", { signatureKeyPair: keys });
        const again: Holder = { mls, group: mls.decodeGroup(bytes) };
        expectEqual(mls.encodeGroup(again.group), bytes, "What is written the second time");
        expectEqual(view(again.group), view(alice.group), "The group");
        expectEqual((await open(again, early)).kind, "application", "A message to it");
        expectEqual((await open(bob, await seal(again, "later"))).kind, "application", "A message from it");
        const candidate = await createCandidate(again, [{ kind: "remove", member: bob.mls.identity }]);
        expectEqual((await stage(bob, candidate)).selfRemoved, true, "Its commit's removing bob");
      },
    },
    {
      name: "refuses to read a group from bytes that hold none",
      async run() {
        const [{ mls, group }] = await cast.group(["alice"]);
        const bytes = mls.encodeGroup(group);
        for (const wrong of [new Uint8Array(), new Uint8Array(100), bytes.subarray(0, -1)])
          await expectMistake(() => mls.decodeGroup(wrong), "corrupt-group");
      },
    },
    {
      name: "refuses a group that another implementation made",
      async run() {
        const [{ mls, group }] = await cast.group(["alice"]);
        const foreign = { ...group, state: { foreign: true } };
        await expectMistake(() => mls.seal(foreign, utf8ToBytes("hello")), "foreign-group");
        await expectMistake(() => mls.encodeGroup(foreign), "foreign-group");
      },
    },
    {
      name: "wipes what no kept group refers to, and nothing else",
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
        expectEqual(await isHeard(alice, bob), false, "The wiped group's being heard");
      },
    },
  ];
}

function view({ groupId, epoch, self, members, requiredExtensions }: MlsGroup): unknown {
  return [groupId, epoch, self, members, requiredExtensions];
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

/** Whether anybody reads what a holder seals; it may fail at that in any way. */
async function isHeard(speaker: Holder, listener: Holder): Promise<boolean> {
  try {
    return (await open(listener, await seal(speaker, "ghost"))).kind === "application";
  } catch {
    return false;
  }
}
