import { concatBytes } from "@demls/wire/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { byteMutation, mutateBytes } from "../../../hostile/byte-mutation.js";
import {
  createProbe,
  encodeInvitation,
  forgetProbe,
  MAX_PROBE_BYTES,
  memberKey,
  MIN_PROBE_BYTES,
  readProbe,
} from "../src/index.js";
import { arbitraryTerms, counting, GROUP_ID, issued, NOW, TERMS } from "./fixtures.js";
import { probed, replyKeysOf } from "./readiness-fixtures.js";

const REFERENCE = new Uint8Array(32).fill(8);
const strictTerms = arbitraryTerms.map((terms) => ({ ...terms, groupId: terms.groupId ?? GROUP_ID }));

const KEYS = replyKeysOf(new Uint8Array(32).fill(3));

describe("A probe", () => {
  test("shows the invitation and what the joiner asks", async () => {
    const references = fc.constantFrom(undefined, REFERENCE);
    await fc.assert(
      fc.asyncProperty(strictTerms, references, async (terms, keyPackageReference) => {
        const { invitation, secret } = await issued(terms);
        const before = Uint8Array.from(secret);
        const options = { secret, keyPackageReference, replyKeys: KEYS, random: counting(), nowSeconds: NOW };
        const { bytes, pending } = createProbe(options);
        const read = readProbe(bytes);
        expect(read).toMatchObject({ ok: true, probe: { invitation, keyPackageReference, sentAt: NOW } });
        expect(read.ok && [read.probe.nonce, read.probe.digest]).toEqual([pending.nonce, pending.digest]);
        expect(pending.invitation).toEqual(invitation);
        expect(pending.memberKey).toEqual(memberKey(secret));
        expect(secret).toEqual(before);
        expect(bytes.length).toBeGreaterThanOrEqual(MIN_PROBE_BYTES);
      }),
      { numRuns: 30 },
    );
  });

  test("is padded to the minimum alone, and within the maximum", async () => {
    const { bytes } = await probed({ conversationName: "a", groupId: GROUP_ID });
    expect(bytes).toHaveLength(MIN_PROBE_BYTES);
    const addresses = Array.from({ length: 4 }, () => "a".repeat(256));
    const long = { conversationName: "n".repeat(255), groupId: GROUP_ID, addresses, note: "n".repeat(256) };
    const { bytes: longest } = await probed(long);
    expect(longest.length).toBeGreaterThan(1_600);
    expect(longest.length).toBeLessThan(MAX_PROBE_BYTES);
  });

  test("with any other byte, with more and with fewer bytes is rejected", async () => {
    for (const terms of [TERMS, { conversationName: "a", groupId: GROUP_ID }]) {
      const { bytes } = await probed(terms);
      for (let at = 0; at < bytes.length; at++)
        expect(readProbe(bytes.with(at, (bytes[at] as number) ^ 1)).ok).toBe(false);
      for (let length = 0; length < bytes.length; length++)
        expect(readProbe(bytes.subarray(0, length))).toEqual({ ok: false, reason: "malformed" });
      expect(readProbe(concatBytes(bytes, Uint8Array.of(0)))).toEqual({ ok: false, reason: "malformed" });
    }
  });

  test("cannot be made from the public form", async () => {
    const { invitation, secret } = await issued();
    const options = { replyKeys: KEYS, random: counting(), nowSeconds: NOW };
    expect(() => createProbe({ ...options, secret: encodeInvitation(invitation) })).toThrow(
      expect.objectContaining({ code: "invitation-invalid" }),
    );
    // A listener's key in place of the reply key, with the genuine signature.
    const { bytes } = createProbe({ ...options, secret });
    const at = Buffer.from(bytes).indexOf(KEYS.publicKey);
    const stolen = concatBytes(
      bytes.subarray(0, at),
      KEYS.publicKey.with(5, 0x55),
      bytes.subarray(at + KEYS.publicKey.length),
    );
    expect(readProbe(stolen)).toEqual({ ok: false, reason: "forged" });
  });

  test("of a later version is told from a malformed one", async () => {
    const { bytes } = await probed();
    expect(readProbe(bytes.with(0, 2))).toEqual({ ok: false, reason: "version" });
    expect(readProbe(bytes.with(0, 0))).toEqual({ ok: false, reason: "malformed" });
  });

  test("needs a strict conversation, a time and a whole reference", async () => {
    const { secret } = await issued();
    const { secret: old } = await issued({ ...TERMS, groupId: undefined });
    const options = { replyKeys: KEYS, random: counting(), nowSeconds: NOW };
    expect(() => createProbe({ ...options, secret: old })).toThrow(
      expect.objectContaining({ code: "invalid-invitation-terms", field: "groupId" }),
    );
    for (const nowSeconds of [-1, 1.5, 2 ** 32, Number.NaN])
      expect(() => createProbe({ ...options, secret, nowSeconds })).toThrow(RangeError);
    const replyKeys = { ...KEYS, publicKey: KEYS.publicKey.slice(1) };
    expect(() => createProbe({ ...options, secret, replyKeys })).toThrow(RangeError);
    const keyPackageReference = REFERENCE.slice(1);
    expect(() => createProbe({ ...options, secret, keyPackageReference })).toThrow(RangeError);
  });

  test("keeps no secret once it is forgotten", async () => {
    const { pending } = await probed();
    forgetProbe(pending);
    expect([...pending.replySecretKey, ...pending.memberKey].some((byte) => byte !== 0)).toBe(false);
  });
});

describe("readProbe", () => {
  test("never throws, and accepts no changed bytes", async () => {
    const { bytes: genuine } = await probed();
    const { bytes: donor } = await probed({ ...TERMS, note: "another" });
    const changed = fc
      .array(byteMutation, { minLength: 1, maxLength: 3 })
      .map((changes) => changes.reduce((bytes, change) => mutateBytes(bytes, change, [donor]), genuine));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ minLength: 500, maxLength: 900 }), changed), (bytes) => {
        const isGenuine = [genuine, donor].some((each) => Buffer.compare(bytes, each) === 0);
        expect(readProbe(bytes).ok).toBe(isGenuine);
      }),
      { numRuns: 1_000 },
    );
  });
});
