import { canonicalEthereumVerifier, createEthereumSigner } from "@demls/consensus";
import type { RandomSource } from "@demls/wire/core";
import fc from "fast-check";
import { expect } from "vitest";
import {
  issueInvitation,
  type InvitationFlaw,
  type IssuedInvitation,
  type OfferedTerms,
} from "../src/index.js";

/** 2026-11-23 12:00:00 UTC. */
export const NOW = 1_795_435_200;
export const GROUP_ID = "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff";
export const alice = createEthereumSigner(new Uint8Array(32).fill(1));
export const mallory = createEthereumSigner(new Uint8Array(32).fill(2));
/** The default verifier of strict conversations. The one for members of 3.0.0 accepts several forms of a signature. */
export const verifier = canonicalEthereumVerifier;
export const checks = { verifier, nowSeconds: NOW };
export const KEY_PACKAGE = new Uint8Array(300).fill(7);

export const TERMS: OfferedTerms = {
  conversationName: "garden",
  groupId: GROUP_ID,
  expiresAt: NOW + 3_600,
  uses: 3,
  addresses: ["/ip4/192.0.2.1/tcp/4001"],
  note: "bring 🌱",
};

/** The bytes 0, 1, 2, … */
export function counting(): RandomSource {
  let next = 0;
  return { bytes: (length) => Uint8Array.from({ length }, () => next++ % 256) };
}

/** An invitation of these terms, whose seed is the bytes 0 to 15. */
export function issued(terms: OfferedTerms = TERMS, signer = alice): Promise<IssuedInvitation> {
  return issueInvitation(terms, { signer, random: counting(), nowSeconds: NOW });
}

/** Expects a rejection with `invitation-invalid` and one of the reasons. */
export async function expectInvalid(
  action: Promise<unknown>,
  ...reasons: readonly InvitationFlaw[]
): Promise<void> {
  const error: unknown = await action.then(
    () => "accepted",
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ name: "DemlsError", code: "invitation-invalid" });
  expect(reasons).toContain((error as { readonly reason: InvitationFlaw }).reason);
}

/** Texts of 1 to `length` characters, with those of two, three and four bytes of UTF-8. */
function text(length: number): fc.Arbitrary<string> {
  const unit = fc.constantFrom("a", "Z", "9", " ", '"', "\\", "ä", "誰", "🌱", "\u200d");
  return fc.string({ unit, minLength: 1, maxLength: length });
}

export const arbitraryTerms: fc.Arbitrary<OfferedTerms> = fc.record({
  conversationName: text(63),
  groupId: fc.option(
    fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes).toString("hex")),
    { nil: undefined },
  ),
  expiresAt: fc.oneof(fc.constant(0), fc.integer({ min: NOW + 1, max: 0xffff_ffff })),
  uses: fc.nat(0xffff),
  addresses: fc.array(text(64), { maxLength: 4 }),
  note: fc.oneof(fc.constant(""), text(64)),
});
