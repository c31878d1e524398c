import fc from "fast-check";
import type { MemberId } from "@demls/wire/core";
import { describe, expect, test } from "vitest";
import { fingerprintOf, verificationCodeOf } from "../../src/identity/verification-code.js";

const CODE = /^\d{5}( \d{5}){11}$/;

const ids = fc
  .uint8Array({ minLength: 20, maxLength: 20 })
  .map((bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("") as MemberId);

describe("A verification code", () => {
  test("is the same in either order, and another one for other identities", () => {
    fc.assert(
      fc.property(fc.uniqueArray(ids, { minLength: 3, maxLength: 3 }), ([a, b, c]) => {
        const [one, two, three] = [a, b, c] as [MemberId, MemberId, MemberId];
        const code = verificationCodeOf(one, two);
        expect(code).toMatch(CODE);
        expect(verificationCodeOf(two, one)).toBe(code);
        expect(verificationCodeOf(one, three)).not.toBe(code);
      }),
    );
  });

  // SHA-256 of "de-MLS pair 0000… ffff…", computed by Python's hashlib.
  test("is the documented hash of both identities", () => {
    const [low, high] = ["00".repeat(20), "ff".repeat(20)] as [MemberId, MemberId];
    expect(verificationCodeOf(high, low)).toBe(
      "26670 42536 00450 74563 84636 98528 04836 61291 36009 13012 78445 14487",
    );
  });

  test("is not of one identity alone", () => {
    const id = "aa".repeat(20) as MemberId;
    expect(() => verificationCodeOf(id, id)).toThrow(expect.objectContaining({ code: "own-identity" }));
  });
});

describe("A fingerprint", () => {
  const epoch = { groupId: "ab".repeat(16), epoch: 7n, epochAuthenticator: "cd".repeat(32) };

  // SHA-256 of "de-MLS epoch abab… 7 cdcd…", computed by Python's hashlib.
  test("is the documented hash of group id, epoch and epoch authenticator", () => {
    expect(fingerprintOf(epoch)).toBe(
      "04407 12662 54854 08542 51139 56995 59254 98986 61776 92379 07284 39189",
    );
  });

  test("differs if any of them does", () => {
    const others = [
      { ...epoch, groupId: "ac".repeat(16) },
      { ...epoch, epoch: 8n },
      { ...epoch, epochAuthenticator: "ce".repeat(32) },
    ];
    expect(new Set([epoch, ...others].map(fingerprintOf)).size).toBe(4);
  });
});
