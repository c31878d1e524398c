import { canonicalSignature, ethereumVerifier, voteMessage } from "@demls/consensus";
import type { Vote } from "@demls/wire";
import { bytesToHex, concatBytes, hexToBytes } from "@demls/wire/core";
import { describe, expect, test } from "vitest";
import { removeRequest } from "../../src/model/request.js";
import {
  gatherInEachMode,
  MODES,
  proposalAt,
  propose,
  receive,
  resultAt,
  sealed,
  settle,
  signedVote,
  take,
  vote,
  type Member,
} from "../harness/index.js";

const inMode = await gatherInEachMode(["alice", "bob", "carol", "dave", "erin"]);

/** The order of the group of secp256k1 (SEC 2, section 2.4.1). */
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/** The same signature in other encodings; anyone who has seen it can create them. */
const odd: Readonly<Record<string, (signature: Uint8Array) => Uint8Array>> = {
  "v of 0 or 1": (signature) => signature.with(64, (signature[64] as number) - 27),
  "v of 35 or more": (signature) => signature.with(64, (signature[64] as number) + 8),
  "s in the upper half": (signature) => {
    const s = ORDER - BigInt(`0x${bytesToHex(signature.subarray(32, 64))}`);
    const mirrored = hexToBytes(s.toString(16).padStart(64, "0")) as Uint8Array;
    return concatBytes(signature.subarray(0, 32), mirrored, Uint8Array.of(signature[64] === 27 ? 28 : 27));
  },
};

async function openedBy(mode: (typeof MODES)[number]) {
  const { world, members } = await inMode(mode);
  const [alice, bob, carol, , erin] = members as [Member, Member, Member, Member, Member];
  const id = await propose(world, alice, removeRequest(erin.id), "deferred");
  await settle(world);
  const genuine = await signedVote(world, carol.signer, proposalAt(bob, id), true);
  const give = async (given: Vote) => receive(world, bob, await sealed(carol, { kind: "vote", vote: given }));
  return { world, alice, bob, carol, id, genuine, give };
}

function countedAt({ plugins, state }: Member, id: number): readonly Vote[] {
  return plugins.consensus.tally(state.votes.sessions, id)?.votes ?? [];
}

describe.each(Object.entries(odd))("W18: a signature with %s", (_form, twist) => {
  test("is a different signature of the same vote, which 3.0.0 accepts", async () => {
    const { carol, genuine } = await openedBy("de-mls-3");
    const signature = twist(genuine.signature);
    expect(signature).not.toEqual(genuine.signature);
    expect(ethereumVerifier.verify(carol.signer.identity, voteMessage(genuine), signature)).toBe("valid");
  });

  test("de-mls-3: is accepted, and not counted in addition to the original", async () => {
    const { bob, id, genuine, give } = await openedBy("de-mls-3");
    expect(await give({ ...genuine, signature: twist(genuine.signature) })).toMatchObject({
      kind: "accepted",
    });
    expect(await give(genuine)).toMatchObject({ kind: "rejected", detail: "duplicate-vote" });
    expect(countedAt(bob, id)).toHaveLength(1);
  });

  test("strict: is rejected, and the vote itself still counts", async () => {
    const { bob, id, genuine, give } = await openedBy("strict");
    expect(await give({ ...genuine, signature: twist(genuine.signature) })).toMatchObject({
      kind: "rejected",
      detail: "signature-scheme",
    });
    expect(countedAt(bob, id)).toEqual([]);
    expect(await give(genuine)).toMatchObject({ kind: "accepted" });
    expect(countedAt(bob, id)).toHaveLength(1);
  });

  test.each(MODES)("%s: is sent in canonical form, whatever the wallet returns", async (mode) => {
    const { world, alice, bob, id } = await openedBy(mode);
    bob.signsAtOnce = false;
    await vote(world, bob, id, false);
    const [{ requestId, message }] = bob.unsigned as [(typeof bob.unsigned)[number]];
    const written = bob.signer.sign(message);
    await take(world, bob, { kind: "signed", requestId, signature: twist(written) });
    await settle(world);
    expect(resultAt(alice, id)).toBe("active");
    const [received] = countedAt(alice, id) as [Vote];
    expect(received.signature).toEqual(canonicalSignature(written));
  });
});
