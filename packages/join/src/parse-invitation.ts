import type { VoteVerifier } from "@demls/consensus";
import { invitationOf } from "./invitation-codec.js";
import { invitationInvalid } from "./invitation-errors.js";
import { invitationKey } from "./invitation-key.js";
import { secretIn } from "./invitation-line.js";
import { hasExpired, type HeldInvitation } from "./invitation.js";
import { secretForm } from "./secret-form.js";
import { verifyInvitation } from "./verify-invitation.js";

/** Options of {@link parseInvitation}. */
export interface ParseOptions {
  /** The verifier of the conversation's votes. */
  readonly verifier: VoteVerifier;
  /** Wall clock, seconds since the Unix epoch. */
  readonly nowSeconds: bigint | number;
}

/**
 * Reads an invitation and checks its inviter's signature and its time.
 *
 * The signature proves that the named inviter issued it. Whether that is a friend or a stranger is for the application
 * to show: it names the inviter's identity.
 *
 * @param text - the line, with any white space around it, or the secret form, which is copied.
 * @throws DemlsError `invitation-invalid` with a `reason`: see {@link InvitationInvalidError}.
 *
 * @example
 * ```ts
 * const { invitation, secret } = await parseInvitation(line, { verifier: ethereumVerifier, nowSeconds });
 * console.log(invitation.conversationName, invitation.inviter);
 * ```
 */
export async function parseInvitation(
  text: string | Uint8Array,
  options: ParseOptions,
): Promise<HeldInvitation> {
  const secret = typeof text === "string" ? secretIn(text) : Uint8Array.from(text);
  if (secret === undefined) throw invitationInvalid("cut");
  const { terms, seedOrKey: seed, signature } = secretForm(secret);
  const invitation = invitationOf(terms, invitationKey(seed), signature);
  seed.fill(0);
  if (!(await verifyInvitation(invitation, options.verifier))) throw invitationInvalid("forged");
  if (hasExpired(invitation, options.nowSeconds)) throw invitationInvalid("expired");
  return { invitation, secret };
}
