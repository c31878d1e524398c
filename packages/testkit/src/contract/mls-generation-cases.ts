import { expectEqual, type ContractCase } from "./contract-case.js";
import { commit, open, createCandidate, seal, type Cast, type Holder } from "./mls-members.js";

/** Cases about generations: counting them, and skipping used ones after restoring an old group value. */
export function generationCases(cast: Cast): ContractCase[] {
  return [
    {
      name: "counts sealed messages and handshakes separately, and opened messages not at all",
      async run() {
        const [alice, bob] = (await cast.group(["alice", "bob"])) as [Holder, Holder];
        const counted = ({ mls, group }: Holder) => mls.generations(group);
        const before = counted(alice);
        await open(bob, await seal(alice, "hello"));
        expectEqual(counted(alice), { ...before, application: before.application + 1 }, "The sender's");
        await createCandidate(alice, [{ kind: "remove", member: bob.mls.identity }]);
        const { handshake, application } = counted(alice);
        expectEqual(application, before.application + 1, "The sender's messages after a candidate");
        expectEqual(
          handshake >= before.handshake + 2,
          true,
          "The generations of a candidate's proposal and commit",
        );
        expectEqual(counted(bob), { handshake: 0, application: 0 }, "The receiver's");
      },
    },
    {
      name: "restarts generations at 0 in the next epoch",
      async run() {
        const [alice, bob] = (await cast.group(["alice", "bob"])) as [Holder, Holder];
        await seal(alice, "hello");
        await commit(alice, [], [{ kind: "remove", member: bob.mls.identity }]);
        expectEqual(alice.mls.generations(alice.group), { handshake: 0, application: 0 }, "The generations");
      },
    },
    {
      name: "skips generations forward only, and other members read on",
      async run() {
        const [alice, bob] = (await cast.group(["alice", "bob"])) as [Holder, Holder];
        const { mls, group: stored } = alice;
        for (let i = 0; i < 3; i++) await seal(alice, "hello");
        const skipped = await mls.skipGenerations(stored, mls.generations(alice.group));
        expectEqual(mls.encodeGroup(skipped), mls.encodeGroup(alice.group), "The group that skipped");
        alice.group = await mls.skipGenerations(skipped, { handshake: 6, application: 1 });
        expectEqual(mls.generations(alice.group), { handshake: 6, application: 3 }, "The generations");
        expectEqual((await open(bob, await seal(alice, "hello"))).kind, "application", "A later message");
        const candidate = await createCandidate(alice, [{ kind: "remove", member: bob.mls.identity }]);
        const { outcome } = await bob.mls.stage(bob.group, candidate.proposals, candidate.commit);
        expectEqual(outcome.kind, "staged", "A later candidate");
      },
    },
    {
      name: "opens own messages that a later value has sealed, once each, and seals above them",
      async run() {
        const [alice, bob] = (await cast.group(["alice", "bob"])) as [Holder, Holder];
        const old: Holder = { ...alice };
        const [first, second] = [await seal(alice, "one"), await seal(alice, "two")];
        for (const [generation, message] of [second, first].map((each, i) => [1 - i, each] as const)) {
          const outcome = await open(old, message);
          expectEqual(outcome.kind === "application" && outcome.generation, generation, "An own message");
          const own = { kind: "ignored", reason: "own-message" };
          expectEqual(await open(old, message), own, "The same message again");
        }
        expectEqual(old.mls.generations(old.group).application, 2, "The next generation");
        for (const message of [first, second, await seal(old, "three")])
          expectEqual((await open(bob, message)).kind, "application", "A message at another member");
      },
    },
    {
      name: "keeps as many skipped keys as it is told, for own messages of a later value",
      async run() {
        const [alice] = (await cast.group(["alice", "bob"])) as [Holder, Holder];
        const old: Holder = { ...alice };
        const sealed = [await seal(alice, "one"), await seal(alice, "two"), await seal(alice, "three")];
        old.group = await old.mls.skipGenerations(old.group, { handshake: 0, application: 3 }, 2);
        const kinds: string[] = [];
        for (const message of sealed) kinds.push((await open(old, message)).kind);
        expectEqual(kinds, ["ignored", "application", "application"], "The own messages");
        expectEqual(old.mls.generations(old.group).application, 3, "The next generation");
      },
    },
    {
      name: "spends the generations of an own candidate that a later value has made",
      async run() {
        const [alice, bob] = (await cast.group(["alice", "bob"])) as [Holder, Holder];
        const old: Holder = { ...alice };
        const lost = await createCandidate(alice, [{ kind: "remove", member: bob.mls.identity }]);
        const { group, outcome } = await old.mls.stage(old.group, lost.proposals, lost.commit);
        expectEqual(outcome, { kind: "rejected", reason: "own-message" }, "The candidate");
        const { handshake } = alice.mls.generations(alice.group);
        expectEqual(old.mls.generations(group).handshake, handshake, "The next generation");
      },
    },
  ];
}
