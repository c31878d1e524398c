import { bytesToHex, hexToBytes } from "./bytes.js";
import { DemlsError } from "./error.js";

declare const memberId: unique symbol;

/**
 * A member's identity as lower-case hex of its identity bytes, usable as a key of a `Map`.
 *
 * On the wire identities are bytes: by default the 20-byte Ethereum address of the key that signs the member's votes.
 * Equal strings are the same member, and strings sort like their bytes.
 */
export type MemberId = string & { readonly [memberId]: true };

/** Returns the member id of identity bytes. */
export function memberIdFromBytes(identity: Uint8Array): MemberId {
  return bytesToHex(identity) as MemberId;
}

/**
 * Returns the identity bytes of a member.
 *
 * @throws DemlsError `invalid-member-id` if the id is not hex.
 */
export function memberIdToBytes(id: MemberId): Uint8Array {
  const bytes = typeof id === "string" ? hexToBytes(id) : undefined;
  if (bytes === undefined) throw invalidMemberId();
  return bytes;
}

/**
 * Parses an identity from a person or a file: hex in either case, with or without `0x`.
 *
 * @throws DemlsError `invalid-member-id` if it is empty or not hex.
 */
export function parseMemberId(text: string): MemberId {
  const bytes = typeof text === "string" ? hexToBytes(text.replace(/^0x/i, "")) : undefined;
  if (bytes === undefined || bytes.length === 0) throw invalidMemberId();
  return memberIdFromBytes(bytes);
}

function invalidMemberId(): DemlsError<"invalid-member-id"> {
  return new DemlsError("invalid-member-id", {
    message: "The member id is not hex.",
    field: "memberId",
    remedy: "Pass an id from the members, or parse an address: proposeRemove(parseMemberId(address)).",
  });
}
