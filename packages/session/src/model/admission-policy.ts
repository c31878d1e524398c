import type { MemberId } from "@demls/wire/core";

/** Request to join a strict conversation, as a member sees it. */
export interface JoinRequest {
  /** Name of the conversation. */
  readonly conversation: string;
  /** Identity of the joiner, which its key package proves. */
  readonly joiner: MemberId;
  /** Name that the joiner claims. Not verified. */
  readonly claimedName: string | undefined;
  /** Member that vouches for the joiner: it has proposed the joiner together with its own yes. */
  readonly vouchedBy: MemberId | undefined;
  /** Invitation that the joiner holds, if it is good. */
  readonly invitation: RedeemedInvitation | undefined;
}

/** Good invitation: a member of the group has issued it, and it has not expired, was not revoked, and has a use left. */
export interface RedeemedInvitation {
  readonly inviter: MemberId;
  /** Id of the invitation, as `Conversation.createInvitation` has returned it: 16 hex digits. */
  readonly id: string;
  /** Note of the inviter, which anyone can read. */
  readonly note: string;
}

/**
 * Reason that the members are asked about a joiner.
 *
 * - `uninvited`: it shows no invitation, or one that is not for this group or not genuine
 * - `inviter-gone`: its inviter is no member, or is about to be removed
 * - `invitation-expired`, `invitation-revoked`
 * - `invitation-used-up`: other joiners have taken its uses, or are about to
 * - `too-many-guests`: its sponsor has let in as many newcomers as it may in this time (`guestShare`)
 * - `policy`: this member's admission policy
 */
export type AskReason =
  | "uninvited"
  | "inviter-gone"
  | "invitation-expired"
  | "invitation-revoked"
  | "invitation-used-up"
  | "too-many-guests"
  | "policy";

/**
 * Decision on a request to join.
 *
 * - `"admit"`: this member proposes the joiner when it is its turn, and its default vote is yes.
 * - `"ask"`: the request waits for `Conversation.admit`, and the default vote is no.
 * - `"refuse"`: the request is ignored, and the default vote is no.
 */
export type AdmissionDecision = "admit" | "ask" | "refuse";

/**
 * Decision of a member on the joiners of its strict conversations. It decides for this member alone, each time that a
 * key package arrives and when a vote on it begins; a vote by hand takes precedence. Must be fast, and return the same
 * for the same request. One that throws asks.
 */
export type AdmissionPolicy = (request: JoinRequest) => AdmissionDecision;

/** Admits every joiner, for conversations that are open to all: create them with `guestShare: 0`, too. */
export const admitAll: AdmissionPolicy = () => "admit";

/** Admits the joiners that a member vouches for or has invited, and asks about the others. The default. */
export const admitInvited: AdmissionPolicy = ({ vouchedBy, invitation }) =>
  vouchedBy === undefined && invitation === undefined ? "ask" : "admit";

/** Asks about every joiner. */
export const askAlways: AdmissionPolicy = () => "ask";

/** Admits the joiners with these identities, and passes the others to `otherwise`. */
export function admitMembers(
  members: Iterable<MemberId>,
  otherwise: AdmissionPolicy = admitInvited,
): AdmissionPolicy {
  const known = new Set(members);
  return (request) => (known.has(request.joiner) ? "admit" : otherwise(request));
}
