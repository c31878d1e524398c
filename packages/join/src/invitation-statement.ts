import { bytesToHex, utf8ToBytes } from "@demls/wire/core";
import { sha256 } from "@noble/hashes/sha2.js";
import { encodeUnsigned } from "./invitation-codec.js";
import type { InvitationTerms } from "./invitation.js";
import { isPrintable } from "./printable.js";

/**
 * Text by which an inviter vouches for an invitation. A `ConsensusSigner` signs it like a vote, and a `VoteVerifier`
 * checks it; wallets show it to their owner. It holds a hash of the public form up to the signature.
 *
 * No vote equals it: the encoding of a vote begins with a byte above 0x7f. No `identityStatement` equals it, since
 * those begin with other words.
 *
 * @param terms - the terms, with every field in its range.
 * @param key - Ed25519 public key of the invitation, 32 bytes.
 */
export function invitationStatement(terms: InvitationTerms, key: Uint8Array): Uint8Array {
  return utf8ToBytes(
    [
      `I invite the holder of this invitation to the de-MLS conversation ${quoted(terms.conversationName)}.`,
      "",
      "Confirm only if you have just asked this app for an invitation.",
      "",
      `Group: ${terms.groupId ?? "none"}`,
      `Invitation: ${bytesToHex(sha256(encodeUnsigned(terms, key)))}`,
      `Inviter: 0x${terms.inviter}`,
      `Issued: ${isoTime(terms.issuedAt)}`,
      `Expires: ${terms.expiresAt === 0 ? "never" : isoTime(terms.expiresAt)}`,
    ].join("\n"),
  );
}

/** The text as a JSON string of printable characters, so that it looks like no other part of the statement. */
function quoted(text: string): string {
  return Array.from(JSON.stringify(text), (one) => (isPrintable(one) ? one : escaped(one))).join("");
}

function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, index) => {
    return `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`;
  }).join("");
}

function isoTime(seconds: number): string {
  return new Date(seconds * 1_000).toISOString();
}
