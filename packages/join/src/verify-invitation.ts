import type { VoteVerifier } from "@demls/consensus";
import { memberIdToBytes } from "@demls/wire/core";
import { invitationStatement } from "./invitation-statement.js";
import type { Invitation } from "./invitation.js";

/**
 * Whether an invitation has its inviter's signature. Never throws.
 *
 * It tells neither whether the inviter is a member nor whether the invitation has expired: see {@link hasExpired}.
 *
 * @param verifier - the verifier of the conversation's votes.
 */
export async function verifyInvitation(invitation: Invitation, verifier: VoteVerifier): Promise<boolean> {
  try {
    const statement = invitationStatement(invitation, invitation.key);
    const inviter = memberIdToBytes(invitation.inviter);
    return (await verifier.verify(inviter, statement, invitation.signature)) === "valid";
  } catch {
    return false;
  }
}
