import { hexToBytes, memberIdFromBytes } from "@demls/wire/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  DEPUTIES_LIFETIME_SECONDS,
  MAX_DEPUTIES,
  openConfirmation,
  readDeputies,
  signConfirmation,
  signDeputies,
  type Confirmation,
  type Deputies,
  type ExpectedConfirmation,
  type VouchedKey,
} from "../src/index.js";
import { byteMutation, mutateBytes } from "../../../hostile/byte-mutation.js";
import { alice, GROUP_ID, mallory, NOW, verifier } from "./fixtures.js";
import { ALICE_LEAF, bob, BOB_LEAF, readinessOf, signingBy, verify } from "./readiness-fixtures.js";

const MALLORY_LEAF = new Uint8Array(32).fill(13);
const [aliceId, bobId] = [alice, bob].map(({ identity }) => memberIdFromBytes(identity)) as [never, never];

const expected: ExpectedConfirmation = {
  ...{ inviter: aliceId, groupId: GROUP_ID, nonce: new Uint8Array(16).fill(3) },
  ...{ verifier, verify, nowSeconds: NOW, toleranceSeconds: 60 },
};

/** The key of a leaf with the proof of its identity. */
async function keyOf(signer = alice, leaf = ALICE_LEAF): Promise<VouchedKey> {
  const { member, signatureKey, keySince, identityProof } = await readinessOf(signer, leaf);
  return { member, signatureKey, keySince, identityProof };
}

const aliceKey = keyOf();
const bobKey = keyOf(bob, BOB_LEAF);

/** A confirmation by the inviter. */
async function confirmation(changes: Partial<Confirmation> = {}): Promise<Confirmation> {
  return {
    ...{ groupId: GROUP_ID, epoch: 4n, head: new Uint8Array(32).fill(1) },
    ...{ keyPackageReference: new Uint8Array(32).fill(2), nonce: expected.nonce },
    ...{ by: await aliceKey, deputies: new Uint8Array(), ...changes },
  };
}

/** The inviter's list, on which bob is. */
async function list(changes: Partial<Deputies> = {}, leaf = ALICE_LEAF): Promise<Uint8Array> {
  const terms = { groupId: GROUP_ID, issuedAt: NOW, inviter: await aliceKey, deputies: [bobId] };
  return signDeputies({ ...terms, ...changes }, signingBy(leaf));
}

/** Opens bob's confirmation with this list. */
async function byBob(deputies: Uint8Array, changes: Partial<ExpectedConfirmation> = {}): Promise<unknown> {
  const told = await confirmation({ by: await bobKey, deputies });
  const opened = await openConfirmation(await signConfirmation(told, signingBy(BOB_LEAF)), {
    ...expected,
    ...changes,
  });
  return opened.ok ? opened.trust : opened.reason;
}

describe("A confirmation", () => {
  test("of the inviter is believed, and tells the group state", async () => {
    const told = await confirmation();
    const opened = await openConfirmation(await signConfirmation(told, signingBy(ALICE_LEAF)), expected);
    expect(opened).toEqual({ ok: true, confirmation: told, trust: "inviter" });
  });

  test("of a deputy is believed by the list that the inviter has signed", async () => {
    expect(await byBob(await list())).toBe("deputy");
  });

  test.each<[string, () => Promise<Uint8Array>]>([
    ["without a list", async () => new Uint8Array()],
    ["by a list that names others", () => list({ deputies: [aliceId] })],
    ["by a list of another group", () => list({ groupId: "00".repeat(16) })],
    ["by a list that somebody else has signed as the inviter", () => list({}, BOB_LEAF)],
    ["by a list that it has signed itself", async () => list({ inviter: await bobKey }, BOB_LEAF)],
    [
      "by a list whose signer has no proof of the inviter's identity",
      async () => {
        const { signatureKey, keySince, identityProof } = await keyOf(mallory, MALLORY_LEAF);
        return list({ inviter: { member: aliceId, signatureKey, keySince, identityProof } }, MALLORY_LEAF);
      },
    ],
    ["by bytes that are no list", async () => new Uint8Array(40).fill(1)],
  ])("of a member %s is not believed", async (_name, deputies) => {
    expect(await byBob(await deputies())).toBe("untrusted");
  });

  test("of a deputy is not believed by a list that is too old, or from the future", async () => {
    const bytes = await list();
    const last = NOW + DEPUTIES_LIFETIME_SECONDS + 60;
    expect(await byBob(bytes, { nowSeconds: last })).toBe("deputy");
    expect(await byBob(bytes, { nowSeconds: last + 1 })).toBe("stale");
    expect(await byBob(bytes, { nowSeconds: NOW - 61 })).toBe("stale");
  });

  test("is for one redemption and one group", async () => {
    for (const changes of [{ nonce: new Uint8Array(16) }, { groupId: "00".repeat(16) }]) {
      const bytes = await signConfirmation(await confirmation(changes), signingBy(ALICE_LEAF));
      expect(await openConfirmation(bytes, expected)).toEqual({ ok: false, reason: "other-joiner" });
    }
  });

  test("is not believed if the leaf has not signed it, or the identity does not vouch for the leaf", async () => {
    const forged = await signConfirmation(await confirmation(), signingBy(MALLORY_LEAF));
    expect(await openConfirmation(forged, expected)).toEqual({ ok: false, reason: "forged" });
    const own = { ...(await keyOf(mallory, MALLORY_LEAF)), member: aliceId };
    const claimed = await signConfirmation(await confirmation({ by: own }), signingBy(MALLORY_LEAF));
    expect(await openConfirmation(claimed, expected)).toEqual({ ok: false, reason: "forged" });
  });

  test("with any change is not believed, and no bytes throw", async () => {
    const told = await confirmation({ by: await bobKey, deputies: await list() });
    const genuine = await signConfirmation(told, signingBy(BOB_LEAF));
    await fc.assert(
      fc.asyncProperty(byteMutation, async (mutation) => {
        const changed = mutateBytes(genuine, mutation, [genuine]);
        fc.pre(Buffer.compare(changed, genuine) !== 0);
        expect((await openConfirmation(changed, expected)).ok).toBe(false);
      }),
      { numRuns: 100 },
    );
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
        expect((await openConfirmation(bytes, expected)).ok).toBe(false);
        expect(readDeputies(bytes)).toBeUndefined();
      }),
      { numRuns: 100 },
    );
  });

  test("is not signed with a field that is out of range", async () => {
    const sign = signingBy(ALICE_LEAF);
    for (const changes of [
      { head: new Uint8Array(31) },
      { nonce: new Uint8Array(15) },
      { epoch: 1n << 64n },
      { groupId: "00" },
    ])
      await expect(signConfirmation(await confirmation(changes), sign)).rejects.toThrow(RangeError);
    for (const changes of [
      { deputies: Array.from({ length: MAX_DEPUTIES + 1 }, () => bobId) },
      { issuedAt: -1 },
    ])
      await expect(list(changes)).rejects.toThrow(RangeError);
    expect(hexToBytes(GROUP_ID)).toHaveLength(16);
  });
});
