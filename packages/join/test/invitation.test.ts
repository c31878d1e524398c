import { utf8ToBytes, type DemlsError } from "@demls/wire/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  decodeInvitation,
  encodeInvitation,
  issueInvitation,
  parseInvitation,
  verifyInvitation,
  type OfferedTerms,
} from "../src/index.js";
import {
  alice,
  arbitraryTerms,
  checks,
  counting,
  expectInvalid,
  issued,
  mallory,
  NOW,
  TERMS,
  verifier,
} from "./fixtures.js";

const BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** The line with other bytes: `change` gets the secret form and the checksum. */
function lineWith(line: string, change: (bytes: Buffer) => Uint8Array): string {
  return `demls:${Buffer.from(change(Buffer.from(line.slice(6), "base64url"))).toString("base64url")}`;
}

describe("An issued invitation", () => {
  test("is read from its line and from its secret form, for any terms", async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryTerms, async (terms) => {
        const { invitation, line, secret } = await issued(terms);
        expect(invitation).toMatchObject({ ...terms, issuedAt: NOW });
        expect(invitation.mode).toBe(terms.groupId === undefined ? "de-mls-3" : "strict");
        expect(await parseInvitation(line, checks)).toEqual({ invitation, secret });
        expect(await parseInvitation(secret, checks)).toEqual({ invitation, secret });
        expect(decodeInvitation(encodeInvitation(invitation))).toEqual({ ok: true, invitation });
      }),
      { numRuns: 40 },
    );
  });

  test("is for one guest and a week, without address and note, unless its terms say otherwise", async () => {
    const bare = { conversationName: "garden", groupId: undefined };
    expect((await issued(bare)).invitation).toMatchObject({
      ...{ uses: 1, expiresAt: NOW + 7 * 86_400, addresses: [], note: "", mode: "de-mls-3" },
    });
    const unlimited = await issued({ ...bare, uses: 0, expiresAt: 0 });
    expect(unlimited.invitation).toMatchObject({ uses: 0, expiresAt: 0 });
  });

  test("is a line of at most 300 characters, with 80 bytes of name and note and no address", async () => {
    const lengths = [];
    for (let name = 1; name <= 80; name++) {
      const { line } = await issued({
        ...TERMS,
        conversationName: "n".repeat(name),
        note: "o".repeat(80 - name),
        addresses: [],
      });
      lengths.push(line.length);
    }
    // A name or a note of at least 64 bytes has a length of two bytes.
    expect(lengths[63]).toBe(300);
    expect(lengths[40]).toBe(298);
    expect(Math.max(...lengths)).toBe(300);
  });

  test("keeps no secret in its public form", async () => {
    const { invitation, secret } = await issued();
    const seed = Buffer.from(counting().bytes(16));
    expect(Buffer.from(secret).includes(seed)).toBe(true);
    expect(Buffer.from(encodeInvitation(invitation)).includes(seed)).toBe(false);
  });

  test("wipes the drawn seed", async () => {
    const seed = new Uint8Array(16).fill(9);
    await issueInvitation(TERMS, { signer: alice, random: { bytes: () => seed }, nowSeconds: NOW });
    expect(seed).toEqual(new Uint8Array(16));
  });
});

describe("issueInvitation", () => {
  const WRONG: readonly (readonly [string, Partial<OfferedTerms>])[] = [
    ["conversationName", { conversationName: "" }],
    ["conversationName", { conversationName: "é".repeat(128) }],
    ["conversationName", { conversationName: "\ud800" }],
    ["groupId", { groupId: "00" }],
    ["groupId", { groupId: "" }],
    ["groupId", { groupId: "AA".repeat(16) }],
    ["expiresAt", { expiresAt: NOW }],
    ["expiresAt", { expiresAt: 2 ** 32 }],
    ["expiresAt", { expiresAt: NOW + 0.5 }],
    ["uses", { uses: 65_536 }],
    ["uses", { uses: -1 }],
    ["addresses", { addresses: ["a", "b", "c", "d", "e"] }],
    ["addresses", { addresses: [""] }],
    ["addresses", { addresses: ["a".repeat(257)] }],
    ["note", { note: "a".repeat(257) }],
    ["note", { note: "two\nlines" }],
    ["note", { note: "\u202eturned" }],
  ];
  test.each(WRONG)("rejects a wrong %s: %j", async (field, terms) => {
    await expect(issued({ ...TERMS, ...terms })).rejects.toMatchObject({
      code: "invalid-invitation-terms",
      field,
      remedy: expect.stringContaining("Pass"),
    });
  });

  test("rejects a time and a signer that an invitation cannot have", async () => {
    const random = counting();
    const long = { identity: new Uint8Array(65), sign: () => new Uint8Array(65) };
    const wordy = { identity: alice.identity, sign: () => new Uint8Array(257) };
    const options = { random, nowSeconds: NOW };
    for (const [field, other] of [
      ["inviter", { ...options, signer: long }],
      ["signature", { ...options, signer: wordy }],
      ["issuedAt", { signer: alice, random, nowSeconds: 2n ** 32n }],
    ] as const) {
      const issue = issueInvitation({ ...TERMS, expiresAt: 0 }, other);
      await expect(issue).rejects.toMatchObject({ code: "invalid-invitation-terms", field });
    }
  });
});

describe("parseInvitation", () => {
  test("accepts white space around the line, and a prefix in capitals", async () => {
    const { line, invitation } = await issued();
    for (const text of [` \n${line}\r\n`, line.replace("demls:", "DeMLS:")])
      expect((await parseInvitation(text, checks)).invitation).toEqual(invitation);
  });

  test("rejects every line with one other character", async () => {
    const { line } = await issued();
    for (let at = 0; at < line.length; at++) {
      const next = BASE64URL[(BASE64URL.indexOf(line.charAt(at)) + 1) % 64] as string;
      for (const other of [next, "+"]) {
        const changed = line.slice(0, at) + other + line.slice(at + 1);
        await expectInvalid(parseInvitation(changed, checks), "cut");
      }
    }
  });

  test("rejects every part of a line, and a line with more at its end", async () => {
    const { line } = await issued();
    for (let length = 0; length < line.length; length++)
      await expectInvalid(parseInvitation(line.slice(0, length), checks), "cut");
    for (const more of ["A", "AAAA", "=", " x", line])
      await expectInvalid(parseInvitation(line + more, checks), "cut");
    await expectInvalid(parseInvitation(`demls:${"A".repeat(1_000_000)}`, checks), "cut");
  });

  test("rejects every secret form with one other byte, by its rules or its signature", async () => {
    const { secret } = await issued();
    for (let at = 0; at < secret.length; at++) {
      for (const change of [0x01, 0x80, 0xff]) {
        const changed = secret.with(at, (secret[at] as number) ^ change);
        const reasons = at === 0 ? (["version"] as const) : (["malformed", "forged"] as const);
        await expectInvalid(parseInvitation(changed, checks), ...reasons);
      }
    }
  });

  test("rejects every part of a secret form, and one with more at its end", async () => {
    const { secret } = await issued();
    for (let length = 0; length < secret.length; length++)
      await expectInvalid(parseInvitation(secret.slice(0, length), checks), "malformed");
    await expectInvalid(parseInvitation(Uint8Array.of(...secret, 0), checks), "malformed");
  });

  test("tells a line of a later version from a damaged one", async () => {
    const { line, secret } = await issued();
    const later = secret.with(0, 2);
    const checksum = new Uint8Array(await crypto.subtle.digest("SHA-256", later)).subarray(0, 4);
    await expectInvalid(
      parseInvitation(
        lineWith(line, () => Buffer.concat([later, checksum])),
        checks,
      ),
      "version",
    );
    await expectInvalid(
      parseInvitation(
        lineWith(line, (bytes) => bytes.with(0, 2)),
        checks,
      ),
      "cut",
    );
  });

  test("rejects an invitation after the second at which it expires, and not before", async () => {
    const { line } = await issued({ ...TERMS, expiresAt: NOW + 60 });
    const at = (nowSeconds: bigint | number) => parseInvitation(line, { verifier, nowSeconds });
    await at(NOW + 60);
    await at(BigInt(NOW + 60));
    await expectInvalid(at(NOW + 61), "expired");
    await expectInvalid(at(BigInt(NOW + 61)), "expired");
    const { line: lasting } = await issued({ ...TERMS, expiresAt: 0 });
    await parseInvitation(lasting, { verifier, nowSeconds: 2n ** 40n });
  });

  test("rejects an invitation that another identity signed", async () => {
    const { line } = await issued(TERMS, { ...mallory, identity: alice.identity });
    await expectInvalid(parseInvitation(line, checks), "forged");
  });

  test("names a remedy, and no part of the invitation", async () => {
    const { line } = await issued({ ...TERMS, expiresAt: NOW + 1 });
    const cut = line.slice(0, -1);
    for (const [text, nowSeconds] of [
      [cut, NOW],
      [line, NOW + 2],
    ] as const) {
      const error = await parseInvitation(text, { verifier, nowSeconds }).catch((thrown: unknown) => thrown);
      const { message, remedy = "" } = error as DemlsError;
      expect(remedy).toMatch(/\.$/);
      expect(message + remedy + JSON.stringify(error)).not.toContain(line.slice(6, 26));
    }
  });
});

describe("verifyInvitation", () => {
  test("is true for the invitation as issued, and false for any other", async () => {
    const { invitation } = await issued();
    expect(await verifyInvitation(invitation, verifier)).toBe(true);
    for (const other of [
      { conversationName: "yard" },
      { groupId: undefined },
      { issuedAt: NOW + 1 },
      { expiresAt: 0 },
      { uses: 4 },
      { addresses: [] },
      { note: "" },
      { key: invitation.key.with(0, 0) },
      { signature: invitation.signature.with(0, 0) },
      { inviter: "not hex" as never },
      { issuedAt: Number.NaN },
    ])
      expect(await verifyInvitation({ ...invitation, ...other }, verifier)).toBe(false);
  });

  test("is false if the verifier throws", async () => {
    const { invitation } = await issued();
    const verify = () => Promise.reject(new Error("no device"));
    expect(await verifyInvitation(invitation, { verify })).toBe(false);
  });
});

describe("decodeInvitation", () => {
  test("rejects texts and lengths that no encoder writes", async () => {
    const { invitation } = await issued({ ...TERMS, groupId: undefined });
    const bytes = encodeInvitation(invitation);
    const wrong = { ok: false, reason: "malformed" };
    // The group id's length in two bytes instead of one.
    expect(decodeInvitation(Uint8Array.of(1, 0x40, 0, ...bytes.subarray(2)))).toEqual(wrong);
    // A name that is not UTF-8.
    expect(decodeInvitation(bytes.with(3, 0xff))).toEqual(wrong);
    // A group id of another length.
    expect(decodeInvitation(Uint8Array.of(1, 1, 0, ...bytes.subarray(2)))).toEqual(wrong);
    expect(decodeInvitation(encodeInvitation({ ...invitation, note: "\u200b" }))).toEqual(wrong);
    expect(decodeInvitation(encodeInvitation({ ...invitation, expiresAt: NOW }))).toEqual(wrong);
    expect(decodeInvitation(encodeInvitation({ ...invitation, signature: new Uint8Array(257) }))).toEqual(
      wrong,
    );
    expect(decodeInvitation(encodeInvitation({ ...invitation, signature: new Uint8Array() }))).toEqual(wrong);
    expect(decodeInvitation(utf8ToBytes("demls:"))).toEqual({ ok: false, reason: "version" });
    expect(decodeInvitation(new Uint8Array())).toEqual(wrong);
  });
});
