import { concatBytes } from "@demls/wire/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeInvitation, readRedemption, redeemInvitation, verifyInvitation } from "../src/index.js";
import { byteMutation, mutateBytes } from "../../../hostile/byte-mutation.js";
import { arbitraryTerms, counting, issued, KEY_PACKAGE, TERMS, verifier } from "./fixtures.js";

describe("A redemption", () => {
  test("shows the invitation to the reader with its key package", async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryTerms, fc.uint8Array({ maxLength: 500 }), async (terms, keyPackage) => {
        const { invitation, secret } = await issued(terms);
        const before = Uint8Array.from(secret);
        const redemption = redeemInvitation(secret, keyPackage, counting());
        expect(readRedemption(redemption, keyPackage)).toMatchObject({ ok: true, invitation });
        expect(await verifyInvitation(invitation, verifier)).toBe(true);
        expect(secret).toEqual(before);
      }),
      { numRuns: 30 },
    );
  });

  test("is worth nothing for another key package", async () => {
    const redemption = redeemInvitation((await issued()).secret, KEY_PACKAGE, counting());
    for (const other of [KEY_PACKAGE.with(0, 0), KEY_PACKAGE.slice(1), new Uint8Array()])
      expect(readRedemption(redemption, other)).toEqual({ ok: false, reason: "forged" });
  });

  test("cannot be made from the public form", async () => {
    const { invitation, secret } = await issued();
    const form = encodeInvitation(invitation);
    // Its key, or a part of it, taken for a seed.
    expect(() => redeemInvitation(form, KEY_PACKAGE, counting())).toThrow(
      expect.objectContaining({ code: "invitation-invalid", reason: "malformed" }),
    );
    const seedAt = Buffer.from(secret).indexOf(counting().bytes(16));
    const guess = concatBytes(
      secret.subarray(0, seedAt),
      invitation.key.subarray(0, 16),
      secret.subarray(seedAt + 16),
    );
    const redemption = redeemInvitation(guess, KEY_PACKAGE, counting());
    const read = readRedemption(redemption, KEY_PACKAGE);
    expect(read.ok && read.invitation.id).not.toBe(invitation.id);
    expect(read.ok && (await verifyInvitation(read.invitation, verifier))).toBe(false);
    // The public form with the signature of another invitation's redemption.
    const forged = concatBytes(
      redeemInvitation(secret, KEY_PACKAGE, counting()).slice(0, -64),
      redemption.slice(-64),
    );
    expect(readRedemption(forged, KEY_PACKAGE)).toEqual({ ok: false, reason: "forged" });
  });

  test("is worth nothing with other terms, even those of an inviter that uses the same key", async () => {
    const { secret } = await issued();
    const { secret: other } = await issued({ ...TERMS, note: "another note" });
    const [genuine, renamed] = [secret, other].map((each) => redeemInvitation(each, KEY_PACKAGE, counting()));
    const swapped = concatBytes(
      renamed?.slice(0, -64) ?? new Uint8Array(),
      genuine?.slice(-64) ?? new Uint8Array(),
    );
    expect(readRedemption(swapped, KEY_PACKAGE)).toEqual({ ok: false, reason: "forged" });
  });

  test("of a key of small order is forged", async () => {
    const { invitation } = await issued();
    // The neutral element as key and as R, with s = 0: the equation of a signature holds for any message.
    const neutral = new Uint8Array(32).with(0, 1);
    const form = encodeInvitation({ ...invitation, key: neutral });
    const length = Uint8Array.of(0x40 + (form.length >> 8), form.length & 0xff);
    const redemption = concatBytes(
      length,
      form,
      new Uint8Array(16),
      Uint8Array.of(0x40, 64),
      neutral,
      new Uint8Array(32),
    );
    expect(readRedemption(redemption, KEY_PACKAGE)).toEqual({ ok: false, reason: "forged" });
  });

  test("with one other byte fails one of the two checks, and every part of one is malformed", async () => {
    const { secret } = await issued();
    const redemption = redeemInvitation(secret, KEY_PACKAGE, counting());
    for (let at = 0; at < redemption.length; at++) {
      const read = readRedemption(redemption.with(at, (redemption[at] as number) ^ 1), KEY_PACKAGE);
      expect(read.ok && (await verifyInvitation(read.invitation, verifier))).toBe(false);
    }
    for (let length = 0; length < redemption.length; length++)
      expect(readRedemption(redemption.subarray(0, length), KEY_PACKAGE)).toEqual({
        ok: false,
        reason: "malformed",
      });
  });

  test("of a later version is told from a malformed one", async () => {
    const redemption = redeemInvitation((await issued()).secret, KEY_PACKAGE, counting());
    expect(readRedemption(redemption.with(2, 9), KEY_PACKAGE)).toEqual({ ok: false, reason: "version" });
    expect(readRedemption(new Uint8Array(5_000), KEY_PACKAGE)).toEqual({ ok: false, reason: "malformed" });
  });
});

describe("readRedemption", () => {
  test("never throws, and accepts no changed bytes with the inviter's signature", async () => {
    const donors = [
      redeemInvitation((await issued()).secret, KEY_PACKAGE, counting()),
      encodeInvitation((await issued(TERMS)).invitation),
    ];
    const [genuine] = donors as [Uint8Array];
    const noise = fc.uint8Array({ maxLength: 400 });
    const changed = fc
      .array(byteMutation, { minLength: 1, maxLength: 3 })
      .map((changes) => changes.reduce((bytes, change) => mutateBytes(bytes, change, donors), genuine));
    await fc.assert(
      fc.asyncProperty(fc.oneof(noise, changed), async (bytes) => {
        const read = readRedemption(bytes, KEY_PACKAGE);
        if (!read.ok || Buffer.compare(bytes, genuine) === 0) return;
        expect(await verifyInvitation(read.invitation, verifier)).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });
});
