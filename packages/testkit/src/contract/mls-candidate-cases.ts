import type { MlsChange } from "@demls/mls";
import { expectEqual, expectMistake, type ContractCase } from "./contract-case.js";
import { commit, open, createCandidate, seal, stage, type Cast, type Holder } from "./mls-members.js";

/** Cases about commit candidates: creating, staging, merging and dropping them. */
export function candidateCases(cast: Cast): ContractCase[] {
  return [
    {
      name: "reports a candidate's changes before merging",
      async run() {
        const [alice, ...others] = await cast.group(["alice", "bob", "carol"]);
        const [bob, carol] = others as [Holder, Holder];
        const own = await (await cast.service("dave")).generateKeyPackage();
        const changes: MlsChange[] = [
          { kind: "remove", member: carol.mls.identity },
          { kind: "add", keyPackage: own.bytes },
        ];
        const parent = bob.group.epochAuthenticator;
        const candidate = await createCandidate(alice, changes);
        const staged = await stage(bob, candidate);
        expectEqual(staged.actions, candidate.actions, "The actions at the receiver");
        const dave = (await cast.service("dave")).identity;
        const actions = [
          { kind: "remove", member: carol.mls.identity },
          { kind: "add", member: dave, reference: own.reference },
        ];
        const stated = staged.actions.map((action) =>
          action.kind === "add"
            ? { kind: "add", member: action.member, reference: action.reference }
            : action,
        );
        expectEqual(stated, actions, "The actions");
        expectEqual(staged.sender, alice.mls.identity, "Its sender");
        expectEqual(
          staged.proposalSenders,
          [alice.mls.identity, alice.mls.identity],
          "The proposals' senders",
        );
        expectEqual([staged.hash, staged.epoch], [candidate.hash, 1n], "Its hash and epoch");
        expectEqual(
          [staged.parentEpochAuthenticator, staged.selfRemoved],
          [parent, false],
          "The parent epoch",
        );
        expectEqual([bob.group.epoch, bob.group.epochAuthenticator], [1n, parent], "The group meanwhile");
        expectEqual(staged.next?.epochAuthenticator, candidate.next.epochAuthenticator, "The next epoch");
      },
    },
    {
      name: "makes a commit without changes, which a copy of its committer's state cannot follow",
      async run() {
        const [alice, bob] = (await cast.group(["alice", "bob"])) as [Holder, Holder];
        const stolen = alice.group;
        const candidate = await createCandidate(alice, []);
        expectEqual([candidate.proposals, candidate.actions], [[], []], "Its proposals and changes");
        const staged = await stage(bob, candidate);
        expectEqual(staged.next?.members, bob.group.members, "The members");
        const { outcome } = await alice.mls.stage(stolen, [], candidate.commit);
        expectEqual(outcome.kind, "rejected", "The commit at the copy");
      },
    },
    {
      name: "binds authenticated data to a commit",
      async run() {
        const [alice, ...others] = await cast.group(["alice", "bob", "carol"]);
        const [bob, carol] = others as [Holder, Holder];
        const removal: MlsChange = { kind: "remove", member: carol.mls.identity };
        const data = Uint8Array.of(1, 2, 3);
        const plain = await createCandidate(bob, [removal]);
        const bound = await createCandidate(alice, [removal], { authenticatedData: data });
        const atAuthors = [plain.authenticatedData.length, bound.authenticatedData];
        expectEqual(atAuthors, [0, data], "The data at the author");
        const first = (await stage(alice, plain)).authenticatedData;
        const second = (await stage(bob, bound)).authenticatedData;
        expectEqual([first.length, second], [0, data], "The data at the receiver");
      },
    },
    {
      name: "stages a candidate once, and spends no generations of a rejected one",
      async run() {
        const [alice, ...others] = await cast.group(["alice", "bob", "carol"]);
        const [bob, carol] = others as [Holder, Holder];
        const candidate = await createCandidate(alice, [{ kind: "remove", member: carol.mls.identity }]);
        const before = bob.group;
        const damaged = candidate.commit.map((byte, i) =>
          i === candidate.commit.length - 1 ? byte ^ 1 : byte,
        );
        const refused = await bob.mls.stage(before, candidate.proposals, damaged);
        expectEqual(refused.outcome.kind, "rejected", "A damaged commit");
        expectEqual(refused.group === before, true, "Whether the group stays the same value");
        await stage(bob, candidate);
        const again = await bob.mls.stage(bob.group, candidate.proposals, candidate.commit);
        expectEqual(again.outcome, { kind: "rejected", reason: "replayed" }, "The same message again");
      },
    },
    {
      name: "stages only a bundle of exactly the proposals that the commit refers to",
      async run() {
        const [alice, ...others] = await cast.group(["alice", "bob", "carol", "dave"]);
        const [bob, carol, dave] = others as [Holder, Holder, Holder];
        const remove = (holder: Holder): MlsChange => ({ kind: "remove", member: holder.mls.identity });
        const other = await createCandidate(bob, [remove(dave)]);
        const { proposals, commit: message } = await createCandidate(alice, [remove(carol), remove(dave)]);
        const sender = alice.mls.identity;
        const mismatch = { kind: "rejected", reason: "proposals-mismatch", sender };
        for (const bundle of [proposals.slice(1), [...proposals, ...other.proposals], []]) {
          const { outcome } = await carol.mls.stage(carol.group, bundle, message);
          expectEqual(outcome, mismatch, `A commit to two proposals that comes with ${bundle.length}`);
        }
      },
    },
    {
      name: "rejects own candidates, random bytes, and candidates of other epochs, groups and forks",
      async run() {
        const [alice, ...others] = await cast.group(["alice", "bob", "carol", "dave"]);
        const [bob, carol, dave] = others as [Holder, Holder, Holder];
        const reason = async (holder: Holder, { proposals, commit: message }: Parts): Promise<unknown> => {
          const { outcome } = await holder.mls.stage(holder.group, proposals, message);
          return outcome.kind === "rejected" ? outcome.reason : outcome.kind;
        };
        const candidate = await createCandidate(alice, [{ kind: "remove", member: dave.mls.identity }]);
        expectEqual(await reason(alice, candidate), "own-message", "One's own");
        const [stranger] = await cast.group(["alice", "erin"]);
        expectEqual(
          await reason(stranger, candidate),
          "undecryptable",
          "A candidate of another group with the same name",
        );
        const meadow = await bob.mls.createGroup("meadow");
        expectEqual(
          await reason({ mls: bob.mls, group: meadow }, candidate),
          "other-group",
          "A message of another group",
        );
        await commit(bob, [carol], [{ kind: "remove", member: dave.mls.identity }]);
        expectEqual(await reason(carol, candidate), "other-epoch", "A late candidate");
        const noise = { proposals: candidate.proposals, commit: new Uint8Array(9) };
        expectEqual(await reason(dave, noise), "malformed", "Noise for a commit");
        const swapped = { proposals: [candidate.commit], commit: candidate.commit };
        expectEqual(await reason(dave, swapped), "malformed", "A commit for a proposal");
      },
    },
    {
      name: "merges any one of several candidates, and continues after dropping the others",
      async run() {
        const [alice, ...others] = await cast.group(["alice", "bob", "carol", "dave"]);
        const [bob, carol, dave] = others as [Holder, Holder, Holder];
        const removal: MlsChange = { kind: "remove", member: dave.mls.identity };
        const [lost, won] = [await createCandidate(alice, [removal]), await createCandidate(bob, [removal])];
        const atAlice = await stage(alice, won);
        await stage(bob, lost);
        await stage(carol, lost);
        const atCarol = await stage(carol, won);
        expectEqual(
          (await open(carol, await seal(alice, "still here"))).kind,
          "application",
          "Chat meanwhile",
        );
        alice.group = alice.mls.merge(alice.group, atAlice);
        bob.group = bob.mls.merge(bob.group, won);
        carol.group = carol.mls.merge(carol.group, atCarol);
        expectEqual(alice.group.epochAuthenticator, bob.group.epochAuthenticator, "The dropper's epoch");
        expectEqual(carol.group.epochAuthenticator, bob.group.epochAuthenticator, "The onlooker's epoch");
        await expectMistake(() => alice.mls.merge(alice.group, lost), "stale-commit");
      },
    },
    {
      name: "reuses no generation of a dropped candidate",
      async run() {
        const [alice, ...others] = await cast.group(["alice", "bob", "carol"]);
        const [bob, carol] = others as [Holder, Holder];
        const removal: MlsChange = { kind: "remove", member: carol.mls.identity };
        const dropped = await createCandidate(alice, [removal]);
        await stage(bob, dropped);
        const next = await createCandidate(alice, [removal]);
        bob.group = bob.mls.merge(bob.group, await stage(bob, next));
        expectEqual(bob.group.epochAuthenticator, next.next.epochAuthenticator, "The next epoch");
      },
    },
    {
      name: "reports to a member that a commit removes it, without a next epoch",
      async run() {
        const [alice, bob] = (await cast.group(["alice", "bob"])) as [Holder, Holder];
        const keyPackage = (await (await cast.service("carol")).generateKeyPackage()).bytes;
        const candidate = await createCandidate(alice, [
          { kind: "remove", member: bob.mls.identity },
          { kind: "add", keyPackage },
        ]);
        const staged = await stage(bob, candidate);
        const told = [staged.selfRemoved, staged.next, staged.sender];
        expectEqual(told, [true, undefined, alice.mls.identity], "The outcome");
        await expectMistake(() => bob.mls.merge(bob.group, staged), "removed");
      },
    },
    {
      name: "rejects changes that no commit can make",
      async run() {
        const [alice, bob] = (await cast.group(["alice", "bob"])) as [Holder, Holder];
        const removal: MlsChange = { kind: "remove", member: bob.mls.identity };
        const stranger = (await cast.service("carol")).identity;
        const cases: readonly (readonly [MlsChange[], string])[] = [
          [[{ kind: "remove", member: alice.mls.identity }], "self-removal"],
          [[{ kind: "remove", member: stranger }], "not-a-member"],
          [[removal, removal], "duplicate-removal"],
          [[{ kind: "add", keyPackage: new Uint8Array(5) }], "invalid-key-package"],
          [[{ kind: "add", keyPackage: (await bob.mls.generateKeyPackage()).bytes }], "invalid-key-package"],
        ];
        for (const [changes, code] of cases)
          await expectMistake(() => alice.mls.createCandidate(alice.group, changes), code);
      },
    },
  ];
}

interface Parts {
  readonly proposals: readonly Uint8Array[];
  readonly commit: Uint8Array;
}
