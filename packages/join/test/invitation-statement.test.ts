import { identityStatement } from "@demls/consensus";
import { bytesToHex, bytesToUtf8 } from "@demls/wire/core";
import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeInvitation, invitationStatement, type Invitation } from "../src/index.js";
import { arbitraryTerms, GROUP_ID, issued, NOW, TERMS } from "./fixtures.js";

function textOf(invitation: Invitation): string {
  return bytesToUtf8(invitationStatement(invitation, invitation.key)) as string;
}

describe("An invitation statement", () => {
  test("is a text that a wallet can show", async () => {
    const { invitation } = await issued();
    // The signature of 65 bytes, with a length of two bytes, is the end of the public form.
    const unsigned = encodeInvitation(invitation).slice(0, -67);
    expect(textOf(invitation)).toBe(
      'I invite the holder of this invitation to the de-MLS conversation "garden".\n\n' +
        "Confirm only if you have just asked this app for an invitation.\n\n" +
        `Group: ${GROUP_ID}\nInvitation: ${createHash("sha256").update(unsigned).digest("hex")}\n` +
        "Inviter: 0x1a642f0e3c3af545e7acbd38b07251b3990914f1\n" +
        "Issued: 2026-11-23T12:00:00.000Z\nExpires: 2026-11-23T13:00:00.000Z",
    );
  });

  test("has words for no group id and no expiry", async () => {
    const { invitation } = await issued({ ...TERMS, groupId: undefined, expiresAt: 0 });
    expect(textOf(invitation)).toMatch(/\nGroup: none\n[^]*\nExpires: never$/);
  });

  test("shows no line break, invisible character or turned text of a name", async () => {
    const { invitation } = await issued({
      ...TERMS,
      conversationName: 'a"\nGroup: 00\u202e\u2028\u{e0001}ä',
    });
    expect(textOf(invitation).split("\n")[0]).toContain(
      'conversation "a\\"\\nGroup: 00\\u202e\\u2028\\udb40\\udc01ä".',
    );
  });

  test("differs for every invitation", async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryTerms, arbitraryTerms, async (one, other) => {
        const [first, second] = [await issued(one), await issued(other)];
        const isSame = bytesToHex(first.secret) === bytesToHex(second.secret);
        expect(textOf(first.invitation) === textOf(second.invitation)).toBe(isSame);
      }),
      { numRuns: 30 },
    );
  });

  test("begins as neither a vote nor an identity statement does", async () => {
    const { invitation } = await issued();
    const [first = 0xff, second] = invitationStatement(invitation, invitation.key);
    // Encoded votes begin with a byte from 0x80 up: see the tests of identity statements.
    expect(first).toBeLessThan(0x80);
    expect(second).not.toBe(identityStatement(new Uint8Array(20), new Uint8Array(32), NOW)[1]);
  });
});
