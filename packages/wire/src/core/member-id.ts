import { bytesToHex, hexToBytes } from "./bytes.js";
import { DemlsError } from "./error.js";

declare const memberId: unique symbol;

/**
 * A member's identity as lower-case hex of its identity bytes, so that it can key a `Map`.
 *
 * On the wire identities are bytes: by default the 20-byte Ethereum address of the key that signs
 * the member's votes. Two ids are the same member exactly when the strings are equal, and their
 * order as strings is the order of their bytes.
 */
export type MemberId = string & { readonly [memberId]: true };

/** The id of the member with these identity bytes. */
export function memberIdFromBytes(identity: Uint8Array): MemberId {
  return bytesToHex(identity) as MemberId;
}

/**
 * The identity bytes of a member.
 *
 * @throws DemlsError `invalid-member-id` where something else was cast to an id.
 */
export function memberIdToBytes(id: MemberId): Uint8Array {
  const bytes = typeof id === "string" ? hexToBytes(id) : undefined;
  if (bytes === undefined) throw invalidMemberId();
  return bytes;
}

/**
 * Reads an identity that a person or a file wrote: hex in either case, with or without `0x`.
 *
 * @throws DemlsError `invalid-member-id` where it is not hex or is empty.
 */
export function parseMemberId(text: string): MemberId {
  const bytes = typeof text === "string" ? hexToBytes(text.replace(/^0x/i, "")) : undefined;
  if (bytes === undefined || bytes.length === 0) throw invalidMemberId();
  return memberIdFromBytes(bytes);
}

function invalidMemberId(): DemlsError<"invalid-member-id"> {
  return new DemlsError("invalid-member-id", {
    message: "A member id is not hex.",
    field: "memberId",
    remedy:
      "Pass an id from the members, or read an address with parseMemberId: proposeRemove(parseMemberId(address)).",
  });
}
