import type { MlsGroup } from "@demls/mls";
import { bytesEqual, utf8ToBytes } from "@demls/wire/core";
import { expectEqual, expectMistake, present, type ContractCase } from "./contract-case.js";
import { admit, commit, open, seal, type Cast, type Holder } from "./mls-members.js";

const CONTENT = utf8ToBytes("content");

/** Labels of RFC 9420's own signatures. */
const MLS_LABELS = ["FramedContentTBS", "LeafNodeTBS", "KeyPackageTBS", "GroupInfoTBS"];

/** Cases about leaves, exported secrets, and the primitives that a layer above MLS uses. */
export function keyCases(cast: Cast): ContractCase[] {
  return [
    {
      name: "lists every leaf with its member and signature key",
      async run() {
        const [alice, ...others] = await cast.group(["alice", "bob", "carol"]);
        const [bob, carol] = others as [Holder, Holder];
        expectRoster([alice, bob, carol], [0, 1, 2]);
        await commit(alice, [carol], [{ kind: "remove", member: bob.mls.identity }]);
        expectRoster([alice, carol], [0, 2]);
        const [dave] = (await admit(carol, [alice], [await cast.service("dave")])) as [Holder];
        expectRoster([alice, dave, carol], [0, 1, 2]);
        const restored = alice.mls.decodeGroup(alice.mls.encodeGroup(alice.group));
        expectEqual(leavesOf(restored), leavesOf(alice.group), "The leaves of a decoded group");
      },
    },
    {
      name: "names the generation of a message to both sides, and the sender's leaf to the receiver",
      async run() {
        const [alice, bob] = (await cast.group(["alice", "bob"])) as [Holder, Holder];
        await seal(bob, "lost");
        bob.group = await bob.mls.skipGenerations(bob.group, { handshake: 0, application: 7 });
        const sealed = await bob.mls.seal(bob.group, CONTENT);
        bob.group = sealed.group;
        expectEqual(sealed.generation, 7, "The generation that the sender spent");
        expectEqual(sealedBy(await open(alice, sealed.message)), [1, 7, 1n], "The message");
        const late = await seal(bob, "late");
        await commit(alice, [], [{ kind: "remove", member: bob.mls.identity }]);
        const [carol] = (await admit(alice, [], [await cast.service("carol")])) as [Holder];
        expectEqual(sealedBy(await open(alice, late)), { kind: "otherEpoch", epoch: 1n }, "An older message");
        const early = await seal(carol, "early");
        await commit(alice, [], [{ kind: "remove", member: carol.mls.identity }]);
        expectEqual(sealedBy(await open(alice, early)), [1, 0, 3n], "A message of a member removed since");
      },
    },
    {
      name: "exports one secret to the members of an epoch, another for other inputs",
      async run() {
        const [alice, bob] = (await cast.group(["alice", "bob"])) as [Holder, Holder];
        const exported = ({ mls, group }: Holder, label = "label", context = CONTENT, length = 32) =>
          mls.exportSecret(group, label, context, length);
        const secret = await exported(alice);
        expectEqual(await exported(bob), secret, "The other member's secret");
        const before: Holder = { ...alice };
        await seal(alice, "hello");
        expectEqual(await exported(alice), secret, "The secret after a message");
        await admit(alice, [bob], [await cast.service("carol")]);
        const others = await Promise.all([
          exported(alice),
          exported(before, "another"),
          exported(before, "label", new Uint8Array()),
          exported(before, "label", CONTENT, 33),
        ]);
        const starts = [secret, ...others].map((bytes) => bytes.slice(0, 32).join());
        expectEqual(new Set(starts).size, starts.length, "The number of different secrets");
        for (const length of [1, 31, 33, 255])
          expectEqual((await exported(alice, "label", CONTENT, length)).length, length, "The length");
        for (const length of [0, -1, 1.5, 256, NaN])
          await expectMistake(() => exported(alice, "label", CONTENT, length), "invalid-export-length");
      },
    },
    {
      name: "verifies a labelled signature only with its key, label and content",
      async run() {
        const [alice, bob] = (await cast.group(["alice", "bob"])) as [Holder, Holder];
        const { signatureKey } = present(bob.group.roster[0], "first leaf");
        const signature = await alice.mls.sign(alice.group, "label", CONTENT);
        const verified = (key = signatureKey, label = "label", content = CONTENT, value = signature) =>
          bob.mls.verify(key, label, content, value);
        expectEqual(await verified(), true, "A genuine signature");
        const ofNewLeaves = await alice.mls.sign(undefined, "label", CONTENT);
        const own = alice.mls.signaturePublicKey;
        expectEqual(
          await verified(own, "label", CONTENT, ofNewLeaves),
          true,
          "A signature by the key of new leaves",
        );
        const wrong = await Promise.all([
          verified(bob.mls.signaturePublicKey),
          verified(signatureKey, "another"),
          verified(signatureKey, "label", utf8ToBytes("other content")),
          verified(signatureKey, "label", CONTENT, flipped(signature)),
          verified(signatureKey, "label", CONTENT, signature.subarray(1)),
          verified(signatureKey, "label", CONTENT, new Uint8Array()),
          verified(signatureKey, "label", CONTENT, new Uint8Array(64)),
          verified(signatureKey.subarray(1)),
          verified(new Uint8Array()),
          verified(new Uint8Array(32)),
          verified(new Uint8Array(32).fill(0xff)),
        ]);
        expectEqual(wrong.includes(true), false, "Whether another key, label, content or value verifies");
      },
    },
    {
      name: "signs and verifies under no label of MLS itself",
      async run() {
        const [{ mls: alice, group }] = await cast.group(["alice"]);
        for (const label of MLS_LABELS) {
          await expectMistake(() => alice.sign(group, label, CONTENT), "reserved-label");
          const signature = await alice.sign(group, "label", CONTENT);
          const verified = await alice.verify(alice.signaturePublicKey, label, CONTENT, signature);
          expectEqual(verified, false, "Whether it verifies");
        }
      },
    },
    {
      name: "decrypts only with the key, nonce and additional data that it encrypted with",
      async run() {
        const mls = await cast.service("alice");
        const [key, nonce, aad] = [
          new Uint8Array(16).fill(1),
          new Uint8Array(12).fill(2),
          utf8ToBytes("aad"),
        ];
        const sealed = await mls.sealWithKey(key, nonce, aad, CONTENT);
        expectEqual(sealed.length, CONTENT.length + 16, "The length of the ciphertext");
        expectEqual(await mls.openWithKey(key, nonce, aad, sealed), CONTENT, "The plaintext");
        const empty = await mls.sealWithKey(key, nonce, new Uint8Array(), new Uint8Array());
        expectEqual(
          await mls.openWithKey(key, nonce, new Uint8Array(), empty),
          new Uint8Array(),
          "An empty plaintext",
        );
        const wrong = await Promise.all([
          mls.openWithKey(flipped(key), nonce, aad, sealed),
          mls.openWithKey(key, flipped(nonce), aad, sealed),
          mls.openWithKey(key, nonce, flipped(aad), sealed),
          mls.openWithKey(key, nonce, aad, flipped(sealed)),
          mls.openWithKey(key, nonce, aad, sealed.subarray(0, -1)),
          mls.openWithKey(key, nonce, aad, new Uint8Array(15)),
          mls.openWithKey(key, nonce, aad, new Uint8Array()),
          mls.openWithKey(new Uint8Array(32), nonce, aad, sealed),
          mls.openWithKey(key.subarray(1), nonce, aad, sealed),
          mls.openWithKey(key, new Uint8Array(16), aad, sealed),
          mls.openWithKey(key, new Uint8Array(), aad, sealed),
        ]);
        expectEqual(
          wrong.every((plaintext) => plaintext === undefined),
          true,
          "Whether all other input fails",
        );
        for (const length of [0, 15, 17, 32])
          await expectMistake(
            () => mls.sealWithKey(new Uint8Array(length), nonce, aad, CONTENT),
            "invalid-aead-key",
          );
        for (const length of [0, 11, 13, 16])
          await expectMistake(
            () => mls.sealWithKey(key, new Uint8Array(length), aad, CONTENT),
            "invalid-aead-key",
          );
      },
    },
    {
      name: "decrypts by HPKE only with the private key, info and additional data that it was encrypted for",
      async run() {
        const [alice, bob] = [await cast.service("alice"), await cast.service("bob")];
        const { publicKey, privateKey } = await alice.hpkeKeyPair();
        const other = await alice.hpkeKeyPair();
        const [info, aad] = [utf8ToBytes("info"), utf8ToBytes("aad")];
        const sealed = await bob.hpkeSeal(publicKey, info, aad, CONTENT);
        expectEqual(sealed.ciphertext.length, CONTENT.length + 16, "The length of the ciphertext");
        expectEqual(await alice.hpkeOpen(privateKey, sealed, info, aad), CONTENT, "The plaintext");
        const again = await bob.hpkeSeal(publicKey, info, aad, CONTENT);
        expectEqual(
          bytesEqual(again.ciphertext, sealed.ciphertext),
          false,
          "Whether it encrypts the same twice",
        );
        const { enc, ciphertext } = sealed;
        const wrong = await Promise.all([
          alice.hpkeOpen(other.privateKey, sealed, info, aad),
          alice.hpkeOpen(privateKey, sealed, flipped(info), aad),
          alice.hpkeOpen(privateKey, sealed, info, flipped(aad)),
          alice.hpkeOpen(privateKey, { enc, ciphertext: flipped(ciphertext) }, info, aad),
          alice.hpkeOpen(privateKey, { enc, ciphertext: ciphertext.subarray(1) }, info, aad),
          alice.hpkeOpen(privateKey, { enc: again.enc, ciphertext }, info, aad),
          alice.hpkeOpen(privateKey, { enc: new Uint8Array(), ciphertext }, info, aad),
          alice.hpkeOpen(privateKey.subarray(1), sealed, info, aad),
        ]);
        expectEqual(
          wrong.every((plaintext) => plaintext === undefined),
          true,
          "Whether all other input fails",
        );
        for (const key of [new Uint8Array(), new Uint8Array(31), new Uint8Array(32)])
          await expectMistake(() => alice.hpkeSeal(key, info, aad, CONTENT), "invalid-hpke-key");
      },
    },
  ];
}

function expectRoster(holders: readonly Holder[], leafIndices: readonly number[]): void {
  const roster = holders.map(({ mls }, i) => ({
    leafIndex: leafIndices[i],
    member: mls.identity,
    signatureKey: mls.signaturePublicKey,
  }));
  for (const [i, { group }] of holders.entries())
    expectEqual(leavesOf(group), [leafIndices[i], roster], "A member's own leaf and the leaves");
}

function leavesOf({ leafIndex: own, roster }: MlsGroup): unknown {
  return [own, roster.map(({ leafIndex, member, signatureKey }) => ({ leafIndex, member, signatureKey }))];
}

/** Leaf, generation and epoch of an opened message; any other outcome as it is. */
function sealedBy(outcome: Awaited<ReturnType<typeof open>>): unknown {
  if (outcome.kind !== "application") return outcome;
  return [outcome.leafIndex, outcome.generation, outcome.epoch];
}

function flipped(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte, i) => (i === 0 ? byte ^ 1 : byte));
}
