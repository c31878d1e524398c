import { memberIdFromBytes } from "@demls/wire/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { byteMutation, mutateBytes } from "../../../hostile/byte-mutation.js";
import {
  isAnswerTo,
  forgetProbe,
  MIN_PROBE_BYTES,
  openReadiness,
  READINESS_BYTES,
  sealReadiness,
  type Readiness,
  type SealOptions,
  type RequestState,
} from "../src/index.js";
import { decodePlaintext, encodePlaintext, encodeReadiness } from "../src/readiness-codec.js";
import { alice, mallory, NOW } from "./fixtures.js";
import {
  ALICE_LEAF,
  answered,
  bob,
  BOB_LEAF,
  opening,
  probed,
  readinessOf,
  sealing,
} from "./readiness-fixtures.js";

/** Randomness of another probe. */
const otherRandom = { bytes: (length: number) => new Uint8Array(length).fill(77) };

const bytesUpTo = (maxLength: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ maxLength });
const states = fc.constantFrom<RequestState>(
  ...(["none", "awaiting-admission", "waiting", "voting", "approved", "member", "refused"] as const),
  ...(["banned", "expired"] as const),
);
const arbitraryView: fc.Arbitrary<Partial<Readiness>> = fc.record({
  epoch: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  head: bytesUpTo(64),
  appliedMessages: fc.nat(0xffff_ffff),
  memberCount: fc.nat(0xffff_ffff),
  request: fc.record({
    state: states,
    yes: fc.nat(0xffff),
    no: fc.nat(0xffff),
    voters: fc.nat(0xffff),
    millisecondsLeft: fc.nat(0xffff_ffff),
  }),
});

describe("A readiness", () => {
  test("of the inviter is trusted as the inviter's, with and without the member key", async () => {
    const { pending, probe, key } = await probed();
    await fc.assert(
      fc.asyncProperty(arbitraryView, fc.boolean(), async (view, knowsKey) => {
        const readiness = await readinessOf(alice, ALICE_LEAF, view);
        const bytes = await sealReadiness(probe, readiness, sealing(ALICE_LEAF, knowsKey ? key : undefined));
        expect(await openReadiness(pending, bytes, opening)).toEqual({
          ok: true,
          readiness,
          trust: "inviter",
        });
        expect(bytes).toHaveLength(READINESS_BYTES);
      }),
      { numRuns: 20 },
    );
  });

  test("of another member is trusted by the member key alone", async () => {
    const { pending, probe, key } = await probed();
    const readiness = await readinessOf(bob, BOB_LEAF);
    const known = await sealReadiness(probe, readiness, sealing(BOB_LEAF, key));
    expect(await openReadiness(pending, known, opening)).toEqual({ ok: true, readiness, trust: "member" });
    for (const wrong of [undefined, new Uint8Array(32), key.with(0, (key[0] as number) ^ 1)]) {
      const bytes = await sealReadiness(probe, readiness, sealing(BOB_LEAF, wrong));
      expect(await openReadiness(pending, bytes, opening)).toEqual({ ok: false, reason: "untrusted" });
    }
  });

  test("of a stranger with an identity of its own is untrusted", async () => {
    const { pending, probe } = await probed();
    const bytes = await sealReadiness(probe, await readinessOf(mallory, BOB_LEAF), sealing(BOB_LEAF));
    expect(await openReadiness(pending, bytes, opening)).toEqual({ ok: false, reason: "untrusted" });
  });

  test("in the inviter's name is forged, unless inviter and leaf signed", async () => {
    const { pending, probe, key } = await probed();
    const inviter = memberIdFromBytes(alice.identity);
    const genuine = await readinessOf();
    const forgeries: readonly (readonly [Readiness, Uint8Array])[] = [
      // Mallory's proof for a leaf of her own.
      [await readinessOf(mallory, BOB_LEAF, { member: inviter }), BOB_LEAF],
      // Alice's proof, for a leaf whose key Mallory has not.
      [genuine, BOB_LEAF],
      // Alice's proof for another time, and none.
      [{ ...genuine, keySince: genuine.keySince + 1 }, ALICE_LEAF],
      [{ ...genuine, identityProof: new Uint8Array(65) }, ALICE_LEAF],
    ];
    for (const [readiness, leaf] of forgeries) {
      const bytes = await sealReadiness(probe, readiness, sealing(leaf, key));
      expect(await openReadiness(pending, bytes, opening)).toEqual({ ok: false, reason: "forged" });
    }
  });

  test("answers no other probe, even with its start or sealed again", async () => {
    const { pending: other, probe: otherProbe } = await probed(undefined, otherRandom);
    const { probe } = await probed();
    const bytes = await answered(probe);
    expect(await openReadiness(other, bytes, opening)).toEqual({ ok: false, reason: "other-probe" });
    const renamed = Uint8Array.from(bytes);
    renamed.set(otherProbe.digest.subarray(0, 16), 1);
    expect(await openReadiness(other, renamed, opening)).toEqual({ ok: false, reason: "unsealable" });
    // The signature for one probe, in an answer to the other.
    const signed: Uint8Array[] = [];
    const { sign } = sealing();
    const recording: SealOptions["sign"] = async (label, content) => {
      const signature = await sign(label, content);
      signed.push(signature);
      return signature;
    };
    await sealReadiness(probe, await readinessOf(), { ...sealing(), sign: recording });
    const signature = Uint8Array.from(signed[0] ?? []);
    const replayed = { ...sealing(), sign: () => Promise.resolve(signature) };
    const again = await sealReadiness(otherProbe, await readinessOf(), replayed);
    expect(await openReadiness(other, again, opening)).toEqual({ ok: false, reason: "forged" });
  });

  test("of another group, or of another time, is not believed", async () => {
    const { pending, probe } = await probed();
    const open = async (changes: Partial<Readiness>): Promise<unknown> => {
      const readiness = await readinessOf(alice, ALICE_LEAF, changes);
      const opened = await openReadiness(pending, await sealReadiness(probe, readiness, sealing()), opening);
      return opened.ok ? "ok" : opened.reason;
    };
    expect(await open({ groupId: "00".repeat(16) })).toBe("other-group");
    expect(await open({ sentAt: NOW - 60 })).toBe("ok");
    expect(await open({ sentAt: NOW - 61 })).toBe("stale");
    expect(await open({ sentAt: NOW + 60 })).toBe("ok");
    expect(await open({ sentAt: NOW + 61 })).toBe("stale");
  });

  test("with any other byte is rejected", async () => {
    const { pending, probe } = await probed();
    const bytes = await answered(probe);
    for (let at = 0; at < bytes.length; at++) {
      const opened = await openReadiness(pending, bytes.with(at, (bytes[at] as number) ^ 1), opening);
      expect(opened.ok).toBe(false);
    }
  });

  test("shows which probe it answers, and nobody else's", async () => {
    const { probe: other } = await probed(undefined, otherRandom);
    const { probe } = await probed();
    const bytes = await answered(probe);
    expect(isAnswerTo(bytes, probe)).toBe(true);
    expect(isAnswerTo(bytes, other)).toBe(false);
    expect(isAnswerTo(bytes.subarray(1), probe)).toBe(false);
  });

  test("has one length, at most 1.5 times that of any probe, also with the longest fields", async () => {
    const { probe, key } = await probed();
    const longest = await readinessOf(alice, ALICE_LEAF, {
      head: new Uint8Array(64),
      member: memberIdFromBytes(new Uint8Array(64).fill(1)),
      identityProof: new Uint8Array(256),
    });
    const bytes = await sealReadiness(probe, longest, sealing(ALICE_LEAF, key));
    expect(bytes).toHaveLength(READINESS_BYTES);
    expect(bytes.length).toBeLessThanOrEqual(1.5 * MIN_PROBE_BYTES);
  });

  test("is not sealed with a field out of range", async () => {
    const { probe } = await probed();
    const { request } = await readinessOf();
    const wrong: readonly Partial<Readiness>[] = [
      { groupId: "F0".repeat(16) },
      { epoch: -1n },
      { head: new Uint8Array(65) },
      { memberCount: 2 ** 32 },
      { request: { ...request, yes: 65_536 } },
      { signatureKey: new Uint8Array(31) },
      { keySince: 8_640_000_000_001 },
      { identityProof: new Uint8Array(257) },
      { sentAt: 0.5 },
    ];
    for (const changes of wrong) {
      const readiness = await readinessOf(alice, ALICE_LEAF, changes);
      await expect(sealReadiness(probe, readiness, sealing())).rejects.toThrow(RangeError);
    }
    const sign = (): Promise<Uint8Array> => Promise.resolve(new Uint8Array(63));
    await expect(sealReadiness(probe, await readinessOf(), { ...sealing(), sign })).rejects.toThrow(
      RangeError,
    );
  });

  test("does not open once its probe is forgotten, not even if it is sealed to the wiped key", async () => {
    const { pending, probe } = await probed();
    const bytes = await answered(probe);
    forgetProbe(pending);
    expect(await openReadiness(pending, bytes, opening)).toEqual({ ok: false, reason: "unsealable" });
    const { x25519 } = await import("@noble/curves/ed25519.js");
    const wiped = await answered({ ...probe, replyKey: x25519.getPublicKey(new Uint8Array(32)) });
    expect(await openReadiness(pending, wiped, opening)).toEqual({ ok: false, reason: "unsealable" });
  });

  test("of a verifier that throws is forged", async () => {
    const { pending, probe } = await probed();
    const verifier = { verify: () => Promise.reject(new Error("no verdict")) };
    const opened = await openReadiness(pending, await answered(probe), { ...opening, verifier });
    expect(opened).toEqual({ ok: false, reason: "forged" });
  });
});

describe("openReadiness", () => {
  test("never throws, and accepts no changed bytes", async () => {
    const { pending, probe } = await probed();
    const genuine = await answered(probe);
    const changed = fc
      .array(byteMutation, { minLength: 1, maxLength: 3 })
      .map((changes) => changes.reduce((bytes, change) => mutateBytes(bytes, change, [genuine]), genuine));
    const noise = fc.uint8Array({ minLength: READINESS_BYTES, maxLength: READINESS_BYTES });
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.uint8Array({ maxLength: 900 }), noise, changed), async (bytes) => {
        const opened = await openReadiness(pending, bytes, opening);
        expect(opened.ok).toBe(Buffer.compare(bytes, genuine) === 0);
      }),
      { numRuns: 500 },
    );
  });
});

describe("The sealed part of a readiness", () => {
  const signature = new Uint8Array(64).fill(3);
  const mac = new Uint8Array(32).fill(2);

  const content = async (): Promise<Uint8Array> => encodeReadiness(await readinessOf());

  test("is filled up with zeros alone", async () => {
    const plaintext = encodePlaintext(await content(), mac, signature);
    expect(decodePlaintext(plaintext)).toBeDefined();
    expect(decodePlaintext(plaintext.with(-1, 1))).toBeUndefined();
  });

  test("has only fields within their ranges", async () => {
    const bytes = await content();
    // The first vector is the group id: 15 bytes of 16, and another byte for the head.
    const short = Uint8Array.from([15, ...bytes.subarray(1, 16), ...bytes.subarray(17)]);
    expect(decodePlaintext(encodePlaintext(short, mac, signature))).toBeUndefined();
  });
});
