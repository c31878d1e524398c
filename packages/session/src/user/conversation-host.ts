import type { IssuedInvitation, OfferedTerms } from "@demls/join";
import type { MemberId } from "@demls/wire/core";

/** Services that the user provides to a conversation. */
export interface ConversationHost {
  /** Returns the member id in a key package that is to be added. */
  identityOf(keyPackage: Uint8Array): Promise<MemberId>;
  /** Renews the signature key of this user's leaves. */
  renewSignatureKey(): Promise<void>;
  /** Issues an invitation, signed by this user's identity. */
  issueInvitation(terms: OfferedTerms): Promise<IssuedInvitation>;
}
