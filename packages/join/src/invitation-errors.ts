import { DemlsError } from "@demls/wire/core";

/**
 * Reason for which an invitation cannot be used:
 *
 * - `cut`: it is no invitation, or a part is missing or changed
 * - `version`: a later release wrote it
 * - `malformed`: its fields break the rules of an invitation
 * - `forged`: the inviter that it names did not sign it
 * - `expired`: it is too late
 */
export type InvitationFlaw = "cut" | "version" | "malformed" | "forged" | "expired";

/** Error for an invitation that cannot be used. It holds no part of the invitation. */
export interface InvitationInvalidError extends DemlsError<"invitation-invalid"> {
  readonly reason: InvitationFlaw;
}

const TEXTS: Readonly<Record<InvitationFlaw, readonly [message: string, remedy: string]>> = {
  cut: [
    "The invitation is not complete, or is no invitation.",
    "Copy the whole line again, from demls: to its last character.",
  ],
  version: ["A later release wrote the invitation.", "Update this program, then try again."],
  malformed: ["The invitation breaks the rules of invitations.", "Ask the inviter for another one."],
  forged: [
    "The inviter that the invitation names did not sign it.",
    "Do not use it. Ask the inviter for another one, in a way that only the two of you use.",
  ],
  expired: [
    "The invitation has expired.",
    "Ask the inviter for another one, and check this machine's clock.",
  ],
};

export function invitationInvalid(reason: InvitationFlaw): InvitationInvalidError {
  const [message, remedy] = TEXTS[reason];
  const error = new DemlsError("invitation-invalid", { message, field: "invitation", remedy });
  return Object.assign(error, { reason });
}

export function invalidTerms(field: string, rule: string): DemlsError<"invalid-invitation-terms"> {
  return new DemlsError("invalid-invitation-terms", {
    message: `The term ${JSON.stringify(field)} of the invitation is invalid.`,
    field,
    remedy: rule,
  });
}
