import { hexToBytes, isWellFormed, memberIdToBytes, utf8ToBytes } from "@demls/wire/core";
import type { InvitationTerms } from "./invitation.js";
import { isPrintable } from "./printable.js";

/** Maximum length of a conversation's name in bytes of UTF-8, as in the session. */
const MAX_NAME_BYTES = 255;
const GROUP_ID_BYTES = 16;
const MAX_INVITER_BYTES = 64;
const MAX_ADDRESSES = 4;
const MAX_ADDRESS_BYTES = 256;
const MAX_NOTE_BYTES = 256;

/** Maximum length of an inviter's signature in bytes. */
export const MAX_SIGNATURE_BYTES = 256;

/** The first term that is out of range, `undefined` if there is none. Issuing and decoding ask for the same ranges. */
export function invalidTerm(terms: InvitationTerms): keyof InvitationTerms | undefined {
  return CHECKS.find(([, holds]) => !holds(terms))?.[0];
}

const CHECKS: readonly (readonly [keyof InvitationTerms, (terms: InvitationTerms) => boolean])[] = [
  ["conversationName", ({ conversationName }) => isText(conversationName, 1, MAX_NAME_BYTES)],
  ["groupId", ({ groupId }) => groupId === undefined || isGroupId(groupId)],
  ["inviter", ({ inviter }) => isWithin(memberIdToBytes(inviter).length, 1, MAX_INVITER_BYTES)],
  ["issuedAt", ({ issuedAt }) => isWithin(issuedAt, 0, 0xffff_ffff)],
  [
    "expiresAt",
    ({ issuedAt, expiresAt }) => expiresAt === 0 || isWithin(expiresAt, issuedAt + 1, 0xffff_ffff),
  ],
  ["uses", ({ uses }) => isWithin(uses, 0, 0xffff)],
  ["addresses", ({ addresses }) => addresses.length <= MAX_ADDRESSES && addresses.every(isAddress)],
  ["note", ({ note }) => isText(note, 0, MAX_NOTE_BYTES) && isPrintable(note)],
];

function isWithin(value: unknown, min: number, max: number): boolean {
  return Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max;
}

function isText(text: unknown, minBytes: number, maxBytes: number): text is string {
  if (typeof text !== "string" || !isWellFormed(text)) return false;
  return isWithin(utf8ToBytes(text).length, minBytes, maxBytes);
}

/** Only lower-case hex, so that equal ids are equal strings. */
function isGroupId(text: unknown): boolean {
  return (
    typeof text === "string" && text === text.toLowerCase() && hexToBytes(text)?.length === GROUP_ID_BYTES
  );
}

function isAddress(address: unknown): boolean {
  return isText(address, 1, MAX_ADDRESS_BYTES) && isPrintable(address);
}
