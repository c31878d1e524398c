import {
  createEthereumSigner,
  ethereumVerifier,
  identityStatement,
  type VoteVerifier,
} from "@demls/consensus";
import { createMlsService, type MlsService } from "@demls/mls";
import { createSeededRandom } from "@demls/testkit";
import { memberIdFromBytes, type MemberId } from "@demls/wire/core";
import { beforeEach, describe, expect, test } from "vitest";
import { LIMITS } from "../../src/model/limits.js";
import type { ChangeRequest } from "../../src/model/request.js";
import { provesIdentity } from "../../src/identity/identity-proof.js";
import {
  eventsOf,
  forgedProposal,
  gatherInEachMode,
  keyPackagePacket,
  propose,
  receive,
  refusalsOf,
  sendUnchecked,
  settle,
  STRANGER,
  wallMs,
  type Member,
  type World,
} from "../harness/index.js";

const settled = await gatherInEachMode(["alice", "bob", "carol"]);

const victim = createEthereumSigner(new Uint8Array(32).fill(3));
const mallory = createEthereumSigner(new Uint8Array(32).fill(4));

let { world }: { world: World } = await settled("strict");
let members: readonly Member[];

beforeEach(async () => {
  ({ world } = await settled("strict"));
  members = [...world.members];
});

/** An MLS service in the victim's name, which anyone can create. */
async function impostor(seed = "impostor"): Promise<MlsService> {
  const random = createSeededRandom(seed);
  return createMlsService({ identity: victim.identity, random, wallMs: () => wallMs(world) });
}

/** Time of every key in this file. */
const SINCE = wallMs(world) / 1_000;

/** A key package in the victim's name with this proof; none if it is undefined. */
async function keyPackageWith(proof: (key: Uint8Array) => Uint8Array | undefined): Promise<Uint8Array> {
  const mls = await impostor();
  const identityProof = proof(mls.signaturePublicKey);
  return (await mls.generateKeyPackage(identityProof && { identityProof })).bytes;
}

function addition(keyPackage: Uint8Array): ChangeRequest {
  return { kind: "add", keyPackage, member: memberIdFromBytes(victim.identity) };
}

const genuine = (key: Uint8Array): Uint8Array => victim.sign(identityStatement(victim.identity, key, SINCE));
const otherKey = (await impostor("another")).signaturePublicKey;

const FORGED: readonly (readonly [string, (key: Uint8Array) => Uint8Array | undefined])[] = [
  ["no proof", () => undefined],
  ["a proof of random bytes", () => new Uint8Array(65).fill(7)],
  ["a proof that another key signed", (key) => mallory.sign(identityStatement(victim.identity, key, SINCE))],
  [
    "another member's proof of the same key",
    (key) => mallory.sign(identityStatement(mallory.identity, key, SINCE)),
  ],
  ["the owner's proof of another key", () => genuine(otherKey)],
  [
    "the owner's proof of the same key with another time",
    (key) => victim.sign(identityStatement(victim.identity, key, SINCE + 1)),
  ],
  ["a cut proof", (key) => genuine(key).subarray(0, -1)],
  ["a lengthened proof", (key) => Uint8Array.of(...genuine(key), 0)],
  ["a signature of the key alone", (key) => victim.sign(key)],
];

describe("A strict group", () => {
  test("admits a key package with the owner's proof of its key", async () => {
    const [alice] = members as [Member];
    const keyPackage = await keyPackageWith(genuine);
    const packet = keyPackagePacket(STRANGER, keyPackage);
    expect(await receive(world, alice, packet)).toMatchObject({ kind: "accepted" });
  });

  test.each(FORGED)("rejects a key package with %s", async (_what, proof) => {
    const keyPackage = await keyPackageWith(proof);
    expect(await refusalsOf(world, members, keyPackage)).toEqual(new Set(["unproved-identity"]));
  });

  test.each(FORGED)("opens no vote on an add with %s", async (_what, proof) => {
    const [alice, bob, carol] = members as [Member, Member, Member];
    const request = addition(await keyPackageWith(proof));
    await expect(propose(world, bob, request)).rejects.toMatchObject({
      ...{ code: "invalid-key-package", field: "keyPackage" },
      message: expect.stringContaining("unproved-identity") as string,
    });
    await sendUnchecked(world, bob, { kind: "proposal", proposal: forgedProposal(world, bob, request) });
    await settle(world);
    for (const member of [alice, carol]) {
      expect(member.outcomes).toContainEqual({
        ...{ kind: "rejected", reason: "unproved-identity", sender: bob.id },
      });
      expect(eventsOf(member, "voteRequested")).toEqual([]);
      expect(member.state.changes.pending.size).toBe(0);
    }
  });
});

test("A de-mls-3 group verifies no proof, since members of 3.0.0 have none", async () => {
  ({ world } = await settled("de-mls-3"));
  const [alice] = world.members as [Member];
  const packet = keyPackagePacket(STRANGER, await keyPackageWith(() => undefined));
  expect(await receive(world, alice, packet)).toMatchObject({ kind: "accepted" });
});

describe("Identity proofs", () => {
  const member: MemberId = memberIdFromBytes(victim.identity);

  function counting(): { readonly verifier: VoteVerifier; readonly calls: () => number } {
    let calls = 0;
    const verifier: VoteVerifier = {
      verify: (...given) => {
        calls += 1;
        return ethereumVerifier.verify(...given);
      },
    };
    return { verifier, calls: () => calls };
  }

  const bindingOf = (signatureKey: Uint8Array, identityProof = genuine(signatureKey)) => ({
    ...{ signatureKey, identityProof, keySince: SINCE, admission: undefined },
  });

  test("are verified once if valid, each time if not", async () => {
    const { verifier, calls } = counting();
    const valid = bindingOf(otherKey);
    for (let i = 0; i < 3; i++) expect(await provesIdentity(verifier, member, valid)).toBe(true);
    expect(calls()).toBe(1);
    const forged = bindingOf(otherKey, mallory.sign(identityStatement(victim.identity, otherKey, SINCE)));
    for (let i = 0; i < 3; i++) expect(await provesIdentity(verifier, member, forged)).toBe(false);
    expect(calls()).toBe(4);
    const other = memberIdFromBytes(mallory.identity);
    expect(await provesIdentity(verifier, other, valid)).toBe(false);
    expect(await provesIdentity(verifier, member, bindingOf(otherKey.with(0, 1), valid.identityProof))).toBe(
      false,
    );
  });

  test("are forgotten beyond the bound, the oldest first", async () => {
    let calls = 0;
    const verifier: VoteVerifier = { verify: () => ((calls += 1), "valid") };
    const binding = (i: number) => bindingOf(Uint8Array.of(i >> 8, i & 0xff), new Uint8Array(1));
    for (let i = 0; i <= LIMITS.identityProofs; i++) await provesIdentity(verifier, member, binding(i));
    const before = calls;
    await provesIdentity(verifier, member, binding(1));
    expect(calls).toBe(before);
    await provesIdentity(verifier, member, binding(0));
    expect(calls).toBe(before + 1);
  });

  test("of one verifier count for no other", async () => {
    const gullible: VoteVerifier = { verify: () => "valid" };
    const forged = bindingOf(otherKey, new Uint8Array(65));
    expect(await provesIdentity(gullible, member, forged)).toBe(true);
    expect(await provesIdentity({ ...ethereumVerifier }, member, forged)).toBe(false);
  });
});
