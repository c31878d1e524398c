import { utf8ToBytes } from "@demls/wire/core";
import { expectEqual, present, type ContractCase } from "./contract-case.js";
import { commit, open, createCandidate, seal, type Cast, type Holder } from "./mls-members.js";

/** Cases about application messages: opening, replay and order. */
export function messageCases(cast: Cast): ContractCase[] {
  return [
    {
      name: "opens a message once, with its sender and epoch",
      async run() {
        const [alice, bob] = (await cast.group(["alice", "bob"])) as [Holder, Holder];
        const message = await seal(alice, "hello");
        const application = {
          kind: "application",
          sender: alice.mls.identity,
          leafIndex: 0,
          generation: 0,
          plaintext: utf8ToBytes("hello"),
          epoch: 1n,
        };
        expectEqual(await open(bob, message), application, "The message");
        const before = bob.group;
        expectEqual(
          await open(bob, message),
          { kind: "rejected", reason: "replayed" },
          "The same message again",
        );
        expectEqual(bob.group === before, true, "Whether the group stays the same value");
      },
    },
    {
      name: "recognises its own message",
      async run() {
        const [alice] = await cast.group(["alice", "bob"]);
        const message = await seal(alice, "hello");
        expectEqual(await open(alice, message), { kind: "ignored", reason: "own-message" }, "It");
      },
    },
    {
      name: "opens the latest 256 overtaken messages, and none before",
      async run() {
        const [alice, bob] = (await cast.group(["alice", "bob"])) as [Holder, Holder];
        const messages: Uint8Array[] = [];
        for (let i = 0; i < 258; i++) messages.push(await seal(alice, `${i}`));
        const [tooOld, ...rest] = messages as [Uint8Array, ...Uint8Array[]];
        for (const message of rest.reverse())
          expectEqual((await open(bob, message)).kind, "application", "A message within the tolerance");
        const replayed = { kind: "rejected", reason: "replayed" };
        expectEqual(await open(bob, tooOld), replayed, "The 257th message");
        expectEqual(await open(bob, present(rest[128], "message")), replayed, "An opened message");
      },
    },
    {
      name: "follows a sender up to 1,000 generations ahead",
      async run() {
        const [alice, bob] = (await cast.group(["alice", "bob"])) as [Holder, Holder];
        for (let i = 0; i < 1_000; i++) await seal(alice, "lost");
        const [reachable, unreachable] = [await seal(alice, "reachable"), await seal(alice, "unreachable")];
        const tooFar = { kind: "rejected", reason: "too-far-ahead" };
        expectEqual(await open(bob, unreachable), tooFar, "A message too far ahead");
        expectEqual((await open(bob, reachable)).kind, "application", "The thousandth");
      },
    },
    {
      name: "opens messages of the previous epoch once, and of none before",
      async run() {
        const [alice, ...others] = await cast.group(["alice", "bob", "carol", "dave"]);
        const [bob, carol, dave] = others as [Holder, Holder, Holder];
        const [first, second] = [await seal(bob, "first"), await seal(bob, "second")];
        expectEqual((await open(alice, first)).kind, "application", "A message opened before the commit");
        await commit(carol, [alice, bob], [{ kind: "remove", member: dave.mls.identity }]);
        expectEqual(
          await open(alice, first),
          { kind: "rejected", reason: "replayed" },
          "The same message again",
        );
        const late = await seal({ ...dave }, "from one who is out");
        expectEqual((await open(alice, second)).kind, "application", "A message opened after the commit");
        expectEqual((await open(alice, late)).kind, "application", "A message of a member removed since");
        await commit(alice, [carol], [{ kind: "remove", member: bob.mls.identity }]);
        expectEqual(
          await open(carol, first),
          { kind: "otherEpoch", epoch: 1n },
          "A message of two epochs ago",
        );
      },
    },
    {
      name: "opens no messages of other epochs, groups and forks",
      async run() {
        const [alice, ...others] = await cast.group(["alice", "bob", "carol"]);
        const [bob, carol] = others as [Holder, Holder];
        const early = await seal(alice, "early");
        await commit(bob, [alice], [{ kind: "remove", member: carol.mls.identity }]);
        const ahead = await seal(alice, "ahead");
        expectEqual(
          await open(carol, ahead),
          { kind: "otherEpoch", epoch: 2n },
          "A message of the next epoch",
        );
        const mls = alice.mls;
        const meadow: Holder = { mls, group: await mls.createGroup("meadow") };
        expectEqual(
          await open(meadow, early),
          { kind: "ignored", reason: "other-group" },
          "A message of another group",
        );
        const [stranger, mate] = (await cast.group(["eve", "mallory"])) as [Holder, Holder];
        const outcome = await open(mate, early);
        expectEqual(
          outcome,
          { kind: "rejected", reason: "undecryptable" },
          "A message of another group with the same name",
        );
        expectEqual((await open(mate, await seal(stranger, "hello"))).kind, "application", "Its own");
      },
    },
    {
      name: "rejects a damaged message, and then opens the original",
      async run() {
        const [alice, bob] = (await cast.group(["alice", "bob"])) as [Holder, Holder];
        const message = await seal(alice, "hello");
        const damaged = message.map((byte, i) => (i === message.length - 1 ? byte ^ 1 : byte));
        expectEqual((await open(bob, damaged)).kind, "rejected", "The damaged message");
        const malformed = { kind: "rejected", reason: "malformed" };
        expectEqual(await open(bob, Uint8Array.of(1, 2, 3)), malformed, "Noise");
        expectEqual((await open(bob, message)).kind, "application", "The original");
      },
    },
    {
      name: "describes a message without a key",
      async run() {
        const [alice] = await cast.group(["alice", "bob"]);
        const own = await (await cast.service("carol")).generateKeyPackage();
        const message = await seal(alice, "hello");
        const {
          proposals,
          commit: commitMessage,
          welcome,
        } = await createCandidate(alice, [{ kind: "add", keyPackage: own.bytes }]);
        const reader = (await cast.service("reader")).describe;
        const claimed = { groupId: alice.group.groupId, epoch: 1n };
        expectEqual(reader(message), { kind: "application", ...claimed }, "Chat");
        expectEqual(reader(proposals[0] ?? own.bytes), { kind: "proposal", ...claimed }, "A proposal");
        expectEqual(reader(commitMessage), { kind: "commit", ...claimed }, "A commit");
        const invitation = { kind: "welcome", references: [own.reference] };
        expectEqual(reader(welcome ?? own.bytes), invitation, "A welcome");
        expectEqual(reader(new Uint8Array()), { kind: "malformed" }, "Nothing");
      },
    },
    {
      name: "opens no handshake message as an application message",
      async run() {
        const [alice, bob] = (await cast.group(["alice", "bob"])) as [Holder, Holder];
        const candidate = await createCandidate(alice, [{ kind: "remove", member: bob.mls.identity }]);
        for (const message of [...candidate.proposals, candidate.commit])
          expectEqual(
            await open(bob, message),
            { kind: "ignored", reason: "handshake" },
            "A part of a candidate",
          );
      },
    },
  ];
}
