import type { MemberId } from "@demls/wire/core";
import { map, type SliceValue } from "./slice.js";

/** Length of a member key. */
export const MEMBER_KEY_BYTES = 32;

/** Invitation of a member, as its group remembers it. */
export interface KnownInvitation {
  readonly inviter: MemberId;
  /** Id of the invitation: 16 hex digits. */
  readonly id: string;
  /** Last good second, since the Unix epoch; 0: it never expires. */
  readonly expiresAt: bigint;
  /** Number of members that commits have added by it. */
  readonly uses: number;
  /** Whether the inviter has revoked it. */
  readonly revoked: boolean;
  /** Key by which members answer the probes of its holder, 32 bytes; empty if it is unknown or revoked. */
  readonly memberKey: Uint8Array;
  /** Whether this member knows it from a ConversationSync or the record of a commit alone. */
  readonly told: boolean;
}

export const invitationsSlice = {
  /** By {@link invitationKeyOf}: anyone can name any id as that of its own invitation. */
  known: map<string, KnownInvitation>(),
  /** Signed lists of the members that confirm the group to the guests of each inviter, as they were received. */
  deputies: map<MemberId, Uint8Array>(),
};

/** Invitations of members that have not expired. */
export type Invitations = SliceValue<typeof invitationsSlice>;

/** Key of an invitation among those of all inviters. */
export function invitationKeyOf({ inviter, id }: Pick<KnownInvitation, "inviter" | "id">): string {
  return `${inviter}/${id}`;
}
