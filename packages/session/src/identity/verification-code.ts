import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, DemlsError, utf8ToBytes, type MemberId } from "@demls/wire/core";
import { compatibilityPolicy, type CompatibilityMode } from "../model/compatibility.js";

/** Decimal digits of a code: about 199 bits. A collision, which suffices to stand between two people, costs half of them. */
const CODE_DIGITS = 60;

/** Epoch of a group, as its members know it. */
export interface FingerprintedEpoch {
  /** Hex. */
  readonly groupId: string;
  readonly epoch: bigint;
  /** Hex. */
  readonly epochAuthenticator: string;
}

/** Code of an epoch, equal at members that share its keys. */
export function fingerprintOf({ groupId, epoch, epochAuthenticator }: FingerprintedEpoch): string {
  return codeOf("epoch", groupId, String(epoch), epochAuthenticator);
}

/**
 * Code of two identities, in either order.
 *
 * @throws DemlsError `own-identity` if both are the same.
 */
export function verificationCodeOf(self: MemberId, other: MemberId): string {
  if (self === other) throw ownIdentity();
  return self < other ? codeOf("pair", self, other) : codeOf("pair", other, self);
}

/** @throws DemlsError `wrong-mode` in a `de-mls-3` conversation, in which an identity is a claim. */
export function checkProved(mode: CompatibilityMode): void {
  if (compatibilityPolicy(mode).provesIdentities) return;
  throw new DemlsError("wrong-mode", {
    message: "A de-mls-3 conversation does not prove identities, so that no member can be verified.",
    remedy: "Use a strict conversation.",
  });
}

/** Error for a member that names itself where another one is meant. */
export function ownIdentity(): DemlsError<"own-identity"> {
  return new DemlsError("own-identity", {
    message: "This is the own identity, and another member's is needed.",
    field: "member",
    remedy: "Pass the id of another of state.members.",
  });
}

/** SHA-256 of a text as decimal digits, in groups of five. No part has a space, so no two lists of parts are one text. */
function codeOf(...parts: readonly string[]): string {
  const digest = BigInt(`0x${bytesToHex(sha256(utf8ToBytes(["de-MLS", ...parts].join(" "))))}`);
  const digits = String(digest % 10n ** BigInt(CODE_DIGITS)).padStart(CODE_DIGITS, "0");
  return (digits.match(/.{5}/g) ?? []).join(" ");
}
