import {
  STRICT_MARKER,
  type LeafBinding,
  type MlsChange,
  type MlsGroup,
  type OwnKeyPackage,
} from "@demls/mls";
import { expectEqual, expectMistake, present, type ContractCase } from "./contract-case.js";
import { commit, createCandidate, type Cast, type Holder } from "./mls-members.js";

/** Cases about the admission and the identity proof of a leaf. */
export function leafCases(cast: Cast): ContractCase[] {
  return [
    {
      name: "binds each key package and created group to an admission of its own and the given proof",
      async run() {
        const alice = await cast.service("alice");
        const proofs = [proof(1), proof(2), undefined];
        const admissions = new Set<string>();
        for (const given of proofs) {
          const options = given === undefined ? {} : { identityProof: given };
          const { bytes } = await alice.generateKeyPackage(options);
          const inspected = await alice.inspectKeyPackage(bytes);
          if (!inspected.ok) return expectEqual(inspected.reason, "valid", "An own key package");
          const [leaf] = (await alice.createGroup("garden", options)).roster;
          for (const bound of [inspected, present(leaf, "own leaf")]) {
            expectEqual(bound.identityProof, given, "The identity proof");
            expectEqual(bound.signatureKey, alice.signaturePublicKey, "The signature key");
            expectEqual(bound.keySince, alice.signatureKeySince, "The time of the signature key");
            expectEqual(bound.admission?.length, 16, "The size of an admission");
            admissions.add(String(bound.admission));
          }
        }
        expectEqual(admissions.size, 2 * proofs.length, "The number of different admissions");
      },
    },
    {
      name: "keeps the binding of a leaf from its key package through commits of its member and of others",
      async run() {
        const [alice] = await cast.group(["alice"], { identityProof: proof(1) });
        const mls = await cast.service("bob");
        const keyPackage = await mls.generateKeyPackage({ identityProof: proof(2), claimedName: "Bob" });
        const checked = await alice.mls.canAdd(alice.group, keyPackage.bytes);
        if (!checked.ok) return expectEqual(checked.reason, "valid", "The key package");
        const candidate = await createCandidate(alice, [addition(keyPackage)]);
        const [action] = candidate.actions;
        if (action?.kind !== "add") return expectEqual(action, "add", "The action");
        expectEqual(checked.claimedName, "Bob", "The name that the key package claims");
        expectEqual(bindingOf(action), bindingOf(checked), "The binding in the candidate");
        const outcome = await mls.join(present(candidate.welcome, "welcome"), [keyPackage]);
        if (outcome.kind !== "joined") return expectEqual(outcome, "joined", "The outcome");
        alice.group = alice.mls.merge(alice.group, candidate);
        const bob: Holder = { mls, group: outcome.group };
        const before = bindings(alice.group);
        expectEqual(before[1], bindingOf(checked), "The binding in the group");
        const guests = ["carol", "dave"].map((name) => cast.service(name));
        for (const [i, guest] of (await Promise.all(guests)).entries()) {
          const [committer, other] = i === 0 ? [alice, bob] : [bob, alice];
          await commit(committer, [other], [addition(await guest.generateKeyPackage())]);
          for (const { group } of [alice, bob])
            expectEqual(bindings(group).slice(0, 2), before, "The bindings after a commit");
        }
      },
    },
    {
      name: "refuses an identity proof of more than 256 bytes",
      async run() {
        const alice = await cast.service("alice");
        const options = { identityProof: new Uint8Array(257) };
        await expectMistake(() => alice.generateKeyPackage(options), "invalid-identity-proof");
        await expectMistake(() => alice.createGroup("garden", options), "invalid-identity-proof");
      },
    },
    {
      name: "has the name that a leaf claims, or none, and takes only a short line of text",
      async run() {
        const alice = await cast.service("alice");
        for (const claimedName of [undefined, "A", "Алиса ☕", "x".repeat(64)]) {
          const { bytes } = await alice.generateKeyPackage({ claimedName });
          const inspected = await alice.inspectKeyPackage(bytes);
          if (!inspected.ok) return expectEqual(inspected.reason, "valid", "An own key package");
          const [leaf] = (await alice.createGroup("garden", { claimedName })).roster;
          expectEqual(inspected.claimedName, claimedName, "The name in a key package");
          expectEqual(leaf?.claimedName, claimedName, "The name in a group");
        }
        for (const claimedName of ["", " ", "x".repeat(65), "a\nb", "a\u0000", "\u202egnat", "\ud800"])
          await expectMistake(() => alice.generateKeyPackage({ claimedName }), "invalid-claimed-name");
      },
    },
    {
      name: "adds a key package to the group that it is for, and to no other one that requires STRICT_MARKER",
      async run() {
        const strict = { requiredExtensions: [STRICT_MARKER] };
        const [[alice], [carol]] = [await cast.group(["alice"], strict), await cast.group(["carol"])];
        const { name, groupId } = alice.group;
        expectEqual(bindings(alice.group)[0]?.boundTo, { name, groupId }, "The group of the founder's leaf");
        const bob = await cast.service("bob");
        const others = [
          { name: "meadow", groupId: undefined },
          { name: "meadow", groupId },
          { name, groupId: "00".repeat(16) },
        ];
        for (const boundTo of others) {
          const keyPackage = await bob.generateKeyPackage({ boundTo });
          const check = await alice.mls.canAdd(alice.group, keyPackage.bytes);
          expectEqual(check.ok ? "valid" : check.reason, "other-group", "A key package for another group");
          await expectMistake(() => createCandidate(alice, [addition(keyPackage)]), "invalid-key-package");
          // A member of de-mls 3.0.0 does not read the binding.
          const free = await carol.mls.canAdd(carol.group, keyPackage.bytes);
          expectEqual(free.ok, true, "The check of a group without the marker");
        }
        for (const boundTo of [{ name, groupId }, { name, groupId: undefined }, undefined]) {
          const { bytes } = await bob.generateKeyPackage({ boundTo });
          const check = await alice.mls.canAdd(alice.group, bytes);
          expectEqual(check.ok && check.boundTo, boundTo, "The group of the key package");
        }
      },
    },
  ];
}

function addition({ bytes }: OwnKeyPackage): MlsChange {
  return { kind: "add", keyPackage: bytes };
}

function proof(fill: number): Uint8Array {
  return new Uint8Array(65).fill(fill);
}

function bindingOf(leaf: LeafBinding): LeafBinding {
  const { signatureKey, admission, identityProof, keySince, replaces, claimedName, boundTo } = leaf;
  return { signatureKey, admission, identityProof, keySince, replaces, claimedName, boundTo };
}

function bindings({ roster }: MlsGroup): readonly LeafBinding[] {
  return roster.map(bindingOf);
}
