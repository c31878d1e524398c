import type { MemberId } from "@demls/wire/core";

/** The terms of an invitation: everything that its inviter decides or states. */
export interface InvitationTerms {
  /** Name of the conversation, 1 to 255 bytes of UTF-8. */
  readonly conversationName: string;
  /** Group id of a strict conversation, lower-case hex of 16 bytes; `undefined` for a `de-mls-3` conversation. */
  readonly groupId: string | undefined;
  /** The inviter: its identity has 1 to 64 bytes. */
  readonly inviter: MemberId;
  /** Time of issue, in seconds since the Unix epoch, unsigned 32-bit. */
  readonly issuedAt: number;
  /** Last second at which the invitation is good, after `issuedAt`, unsigned 32-bit; 0: it never expires. */
  readonly expiresAt: number;
  /** Number of joiners that the invitation is for, unsigned 16-bit; 0: no limit. */
  readonly uses: number;
  /** At most 4 addresses by which the joiner finds members, each of 1 to 256 bytes of UTF-8. */
  readonly addresses: readonly string[];
  /** Message to the joiner, at most 256 bytes of UTF-8 without control, invisible and direction characters. */
  readonly note: string;
}

/** An invitation as anyone may see it. It lets its reader check the invitation, but not redeem it. */
export interface Invitation extends InvitationTerms {
  /** Mode of the conversation: `strict` if the invitation has a group id. */
  readonly mode: "strict" | "de-mls-3";
  /** Id of the invitation: 16 hex digits of a hash of `key`. */
  readonly id: string;
  /** Ed25519 public key of the invitation, 32 bytes. Its secret key redeems the invitation. */
  readonly key: Uint8Array;
  /** The inviter's signature over {@link invitationStatement}, 1 to 256 bytes. */
  readonly signature: Uint8Array;
}

/** An invitation with its secret, by which any holder can redeem it. */
export interface HeldInvitation {
  readonly invitation: Invitation;
  /** The secret form, for {@link redeemInvitation}. Overwrite it when it is no longer needed. */
  readonly secret: Uint8Array;
}

/** A conversation that a joiner knows by its name, or by its id too, and has no invitation to. */
export interface NamedConversation {
  /** 1 to 255 bytes of UTF-8. */
  readonly name: string;
  /**
   * Group id in lower-case hex. It tells groups of one name apart, but is no proof: anyone can found a group with the same id.
   *
   * @defaultValue the first group of the name that adds the joiner
   */
  readonly groupId?: string | undefined;
}

/**
 * Whether an invitation has expired. It is good during the second `expiresAt`, and no longer.
 *
 * @param nowSeconds - wall clock, seconds since the Unix epoch.
 */
export function hasExpired(invitation: Invitation, nowSeconds: bigint | number): boolean {
  const { expiresAt } = invitation;
  return expiresAt !== 0 && nowSeconds > expiresAt;
}
