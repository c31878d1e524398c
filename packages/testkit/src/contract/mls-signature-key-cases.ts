import { leafName, type MlsChange, type MlsService, type RosterEntry } from "@demls/mls";
import { expectEqual, present, type ContractCase } from "./contract-case.js";
import {
  admit,
  commit,
  createCandidate,
  NOW_MS,
  open,
  seal,
  stage,
  type Cast,
  type Holder,
} from "./mls-members.js";

const PROOF = new Uint8Array(65).fill(7);
const CONTENT = Uint8Array.of(1, 2, 3);

/** Cases about a member whose signature key is replaced. */
export function signatureKeyCases(cast: Cast): ContractCase[] {
  return [
    {
      name: "makes a signature key that is later than the one before, also within a second",
      async run() {
        const first = await cast.service("alice");
        const second = await first.withNewSignatureKey();
        const times = [first, second, await second.withNewSignatureKey()].map((mls) => mls.signatureKeySince);
        const now = NOW_MS / 1_000;
        expectEqual(times, [now, now + 1, now + 2], "The times of the keys");
        const keys = [first, second].map(({ signaturePublicKey }) => String(signaturePublicKey));
        expectEqual(new Set(keys).size, 2, "The number of different keys");
        expectEqual(second.identity, first.identity, "The identity");
      },
    },
    {
      name: "gives its new signature key to the own leaf by a commit, and to no leaf without a proof",
      async run() {
        const [alice, bob] = (await cast.group(["alice", "bob"])) as [Holder, Holder];
        const former = ownLeaf(alice);
        const renewed: Holder = { ...alice, mls: await alice.mls.withNewSignatureKey() };
        await commit(renewed, [bob], []);
        expectEqual(ownLeaf(renewed), former, "The leaf after a commit without a proof");
        expectEqual((await open(bob, await seal(renewed, "still"))).kind, "application", "A message");

        await commitWithProof(renewed, bob);
        const { signaturePublicKey: signatureKey, signatureKeySince: keySince } = renewed.mls;
        const wanted = { ...former, signatureKey, keySince, identityProof: PROOF };
        expectEqual(ownLeaf(renewed), wanted, "The leaf after a commit with a proof");
        expectEqual(bob.group.roster, renewed.group.roster, "The leaves at the other member");
        expectEqual((await open(bob, await seal(renewed, "hello"))).kind, "application", "A message");
        const signature = await renewed.mls.sign(renewed.group, "label", CONTENT);
        expectEqual(await bob.mls.verify(signatureKey, "label", CONTENT, signature), true, "A signature");

        await commitWithProof(renewed, bob);
        expectEqual(ownLeaf(renewed), wanted, "The leaf after another commit");
      },
    },
    {
      name: "rejects a commit that gives its committer the signature key of another member",
      async run() {
        const [alice, bob] = (await cast.group(["alice", "bob"])) as [Holder, Holder];
        const { signaturePrivateKey: privateKey, signaturePublicKey: publicKey } = bob.mls;
        const signatureKeyPair = { privateKey, publicKey, since: NOW_MS / 1_000 + 1 };
        const thief: Holder = { ...alice, mls: await cast.service("alice", { signatureKeyPair }) };
        const { group, candidate } = await thief.mls.createCandidate(alice.group, [], {
          identityProof: PROOF,
        });
        const staged = await bob.mls.stage(bob.group, candidate.proposals, candidate.commit);
        thief.group = group;
        expectEqual(staged.outcome.kind, "rejected", "The outcome");
      },
    },
    {
      name: "welcomes a member by a commit that changes the committer's signature key",
      async run() {
        const [alice] = await cast.group(["alice"]);
        alice.mls = await alice.mls.withNewSignatureKey();
        const carol = await cast.service("carol");
        const own = await carol.generateKeyPackage();
        const changes: MlsChange[] = [{ kind: "add", keyPackage: own.bytes }];
        const candidate = await createCandidate(alice, changes, { identityProof: PROOF });
        const outcome = await carol.join(present(candidate.welcome, "welcome"), [own]);
        if (outcome.kind !== "joined") return expectEqual(outcome, "joined", "The outcome");
        alice.group = alice.mls.merge(alice.group, candidate);
        const joined: Holder = { mls: carol, group: outcome.group };
        expectEqual((await open(joined, await seal(alice, "hello"))).kind, "application", "A message");
        expectEqual(ownLeaf(alice).signatureKey, alice.mls.signaturePublicKey, "The key");
      },
    },
    {
      name: "joins with a key package of its former signature key, and goes on with that key",
      async run() {
        const [alice] = await cast.group(["alice"]);
        const former = await cast.service("bob");
        const own = await former.generateKeyPackage();
        const candidate = await createCandidate(alice, [{ kind: "add", keyPackage: own.bytes }]);
        const mls = await former.withNewSignatureKey();
        const outcome = await mls.join(present(candidate.welcome, "welcome"), [own]);
        if (outcome.kind !== "joined") return expectEqual(outcome, "joined", "The outcome");
        alice.group = alice.mls.merge(alice.group, candidate);
        const bob: Holder = { mls, group: outcome.group };
        expectEqual(ownLeaf(bob).signatureKey, former.signaturePublicKey, "The key of the leaf");
        expectEqual((await open(alice, await seal(bob, "hello"))).kind, "application", "A message");
        await commitWithProof(bob, alice);
        expectEqual(ownLeaf(bob).signatureKey, mls.signaturePublicKey, "The key after a commit");
      },
    },
    {
      name: "replaces a leaf by one with the same or a later signature key, and by none with an earlier one",
      async run() {
        const [alice] = await cast.group(["alice"]);
        const first = await cast.service("bob");
        const second = await first.withNewSignatureKey();
        const third = await second.withNewSignatureKey();
        const [bob] = (await admit(alice, [], [second])) as [Holder];
        const replaces = [leafName("garden", present(ownLeaf(bob).admission, "admission"))];
        const verdict = async (mls: MlsService): Promise<string> => {
          const check = await alice.mls.canReplace(
            alice.group,
            (await mls.generateKeyPackage({ replaces })).bytes,
          );
          return check.ok ? "ok" : check.reason;
        };
        const verdicts = [await verdict(first), await verdict(second), await verdict(third)];
        expectEqual(verdicts, ["superseded-key", "ok", "ok"], "The verdicts");
      },
    },
  ];
}

function ownLeaf({ group }: Holder): RosterEntry {
  return present(
    group.roster.find(({ leafIndex }) => leafIndex === group.leafIndex),
    "own leaf",
  );
}

/** Commits without changes, with the identity proof of the committer's newest key. */
async function commitWithProof(committer: Holder, other: Holder): Promise<void> {
  const candidate = await createCandidate(committer, [], { identityProof: PROOF });
  const staged = await stage(other, candidate);
  other.group = other.mls.merge(other.group, staged);
  committer.group = committer.mls.merge(committer.group, candidate);
}
