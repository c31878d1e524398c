import {
  bytesToHex,
  bytesToUtf8,
  concatBytes,
  hexToBytes,
  memberIdFromBytes,
  memberIdToBytes,
  TlsReader,
  tlsUint,
  tlsVector,
  utf8ToBytes,
} from "@demls/wire/core";
import { sha256 } from "@noble/hashes/sha2.js";
import type { Invitation, InvitationTerms } from "./invitation.js";
import { invalidTerm, MAX_SIGNATURE_BYTES } from "./invitation-terms.js";

const VERSION = 1;
const ID_BYTES = 8;

/** Length of the seed in a secret form. */
export const SEED_BYTES = 16;
/** Length of an Ed25519 public key. */
const KEY_BYTES = 32;

/** Maximum length of a form in bytes: more than any valid one. */
export const MAX_FORM_BYTES = 2_048;

/** Result of decoding an invitation. `version`: a later release encoded it. `malformed`: no release did. */
export type DecodedInvitation =
  | { readonly ok: true; readonly invitation: Invitation }
  | { readonly ok: false; readonly reason: "version" | "malformed" };

/** A form as it is encoded: with the seed in the secret form, with the key in the public one. */
export interface InvitationForm {
  readonly terms: InvitationTerms;
  readonly seedOrKey: Uint8Array;
  readonly signature: Uint8Array;
}

/** Result of decoding a form. */
export type DecodedForm =
  | { readonly ok: true; readonly form: InvitationForm }
  | { readonly ok: false; readonly reason: "version" | "malformed" };

/** Encodes the public form of an invitation, which may be published. */
export function encodeInvitation(invitation: Invitation): Uint8Array {
  return encodeForm({ terms: invitation, seedOrKey: invitation.key, signature: invitation.signature });
}

/**
 * Decodes the public form of an invitation. Never throws. It leaves the signature to {@link verifyInvitation}.
 *
 * @param bytes - as received.
 */
export function decodeInvitation(bytes: Uint8Array): DecodedInvitation {
  const decoded = decodeForm(bytes, KEY_BYTES);
  if (!decoded.ok) return decoded;
  const { terms, seedOrKey, signature } = decoded.form;
  return { ok: true, invitation: invitationOf(terms, seedOrKey, signature) };
}

/** The invitation with these terms, key and signature. */
export function invitationOf(terms: InvitationTerms, key: Uint8Array, signature: Uint8Array): Invitation {
  const id = bytesToHex(sha256(key).subarray(0, ID_BYTES));
  return { ...terms, mode: terms.groupId === undefined ? "de-mls-3" : "strict", id, key, signature };
}

/** Encodes a form. */
export function encodeForm({ terms, seedOrKey, signature }: InvitationForm): Uint8Array {
  return concatBytes(encodeUnsigned(terms, seedOrKey), tlsVector(signature));
}

/** Encodes a form up to its signature. */
export function encodeUnsigned(terms: InvitationTerms, seedOrKey: Uint8Array): Uint8Array {
  return concatBytes(
    Uint8Array.of(VERSION),
    tlsVector(hexToBytes(terms.groupId ?? "") ?? new Uint8Array()),
    tlsVector(utf8ToBytes(terms.conversationName)),
    tlsVector(memberIdToBytes(terms.inviter)),
    seedOrKey,
    tlsUint(terms.issuedAt, 4),
    tlsUint(terms.expiresAt, 4),
    tlsUint(terms.uses, 2),
    tlsVector(concatBytes(...terms.addresses.map((address) => tlsVector(utf8ToBytes(address))))),
    tlsVector(utf8ToBytes(terms.note)),
  );
}

/**
 * Decodes a form. Never throws.
 *
 * @param length - length of the seed or the key.
 */
export function decodeForm(bytes: Uint8Array, length: number): DecodedForm {
  if (bytes.length === 0 || bytes.length > MAX_FORM_BYTES) return { ok: false, reason: "malformed" };
  if (bytes[0] !== VERSION) return { ok: false, reason: "version" };
  try {
    const form = readForm(new TlsReader(bytes.subarray(1)), length);
    if (invalidTerm(form.terms) === undefined) return { ok: true, form };
  } catch {
    // The bytes end too early, or have a length or a text that no encoder writes.
  }
  return { ok: false, reason: "malformed" };
}

function readForm(reader: TlsReader, length: number): InvitationForm {
  const groupId = reader.vector();
  const conversationName = readText(reader);
  const inviter = memberIdFromBytes(reader.vector());
  const seedOrKey = reader.take(length);
  const [issuedAt, expiresAt, uses] = [reader.uint(4), reader.uint(4), reader.uint(2)];
  const addresses = readAddresses(new TlsReader(reader.vector()));
  const note = readText(reader);
  const signature = reader.vector();
  const isSigned = signature.length > 0 && signature.length <= MAX_SIGNATURE_BYTES;
  if (!isSigned || !reader.isAtEnd) throw new RangeError("the signature is not the rest of the form");
  const ofGroup = { conversationName, groupId: groupId.length === 0 ? undefined : bytesToHex(groupId) };
  return {
    terms: { ...ofGroup, inviter, issuedAt, expiresAt, uses, addresses, note },
    seedOrKey,
    signature,
  };
}

function readAddresses(reader: TlsReader): readonly string[] {
  const addresses: string[] = [];
  while (!reader.isAtEnd) addresses.push(readText(reader));
  return addresses;
}

function readText(reader: TlsReader): string {
  const text = bytesToUtf8(reader.vector());
  if (text === undefined) throw new RangeError("a text is not UTF-8");
  return text;
}
