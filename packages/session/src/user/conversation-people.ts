import type { IssuedInvitation, OfferedTerms } from "@demls/join";
import type { MemberId } from "@demls/wire/core";
import type { Observable } from "rxjs";
import type { RequestSnapshot } from "../view/people-snapshots.js";

/** Terms of an invitation that its inviter chooses. All have defaults. */
export type InvitationOffer = Omit<OfferedTerms, "conversationName" | "groupId">;

/** Decisions of people about each other: on joiners, on banned members, and on who is who. */
export interface ConversationPeople {
  /**
   * Requests to join that wait for this user, oldest first: the current ones, then all after each change. In `de-mls-3`
   * there are none.
   */
  readonly requests$: Observable<readonly RequestSnapshot[]>;
  /**
   * Admits a joiner that has asked to join. This member vouches for it: it proposes the joiner together with its yes, as
   * soon as the phase allows it, and by default the others agree. If a vote on the joiner is open, this is a yes.
   *
   * @throws DemlsError `invalid-member-id`, `no-join-request`, `wrong-mode` in a `de-mls-3` conversation; for an open vote
   *   as `Conversation.vote`; `not-joined`, `conversation-ended`, `closed`.
   */
  admit(joiner: MemberId): Promise<void>;
  /**
   * Refuses a joiner that has asked to join: this user is not asked about its key package again, nor for ten minutes about
   * another one. Other members may admit it. If a vote on the joiner is open, this is a no.
   *
   * @throws DemlsError as {@link ConversationPeople.admit}.
   */
  refuse(joiner: MemberId): Promise<void>;
  /**
   * Issues an invitation to this conversation, signed by this user's signer; a wallet asks its owner. It is for one guest
   * and a week, unless `uses` and `expiresAt` say otherwise; 0 is no limit. Send its `line` to the guest alone: whoever holds it can ask to be let in, and by default the members agree as long as this user is a member.
   *
   * Resolves once the members' notice of it is encrypted and queued; while this member catches up, the notice follows later. The group
   * remembers 128 invitations, until they expire. In `de-mls-3` an invitation tells the guest the name of the conversation,
   * and the members nothing.
   *
   * @throws DemlsError `invalid-invitation-terms`, `not-joined`, `conversation-ended`, `closed`; errors of the signer.
   */
  createInvitation(terms?: InvitationOffer): Promise<IssuedInvitation>;
  /**
   * Revokes an invitation that this user has issued. Members that have received the message let nobody in by it any
   * more; a joiner that was added stays.
   *
   * @param id - of `IssuedInvitation.invitation`, or of `ConversationSnapshot.invitations`: 16 hex digits.
   * @throws DemlsError `unknown-invitation`; `wrong-mode` in a `de-mls-3` conversation; `not-joined`,
   *   `conversation-ended`, `closed`.
   */
  revokeInvitation(id: string): Promise<void>;
  /**
   * Lifts the ban of a member that was removed by a vote, at all members and without a vote: when its owner asks again,
   * the members vote on it like on any joiner. Resolves once the message is encrypted and queued.
   *
   * While a member is banned, its announcements are ignored. The default vote on it is no, unless a member vouches for it by
   * `Conversation.proposeAdd` with its yes. `ConversationSnapshot.bans` lists the banned members.
   *
   * @throws DemlsError `not-banned`; `wrong-phase` while this member catches up; `wrong-mode` in a `de-mls-3` conversation;
   *   `invalid-member-id`, `not-joined`, `conversation-ended`, `closed`.
   */
  unban(member: MemberId): Promise<void>;
  /**
   * Confirms a newcomer to all members, without a vote: this user knows the person, who should vote on everything. Its
   * probation ends with the next commit after more than half of the members that are not on probation have done so.
   * Resolves once the message is encrypted and queued; a second call changes nothing.
   *
   * `MemberSnapshot.arrival` tells which members are on probation, and `ConversationConfig.probationMs` how long.
   *
   * @throws DemlsError `not-a-newcomer`; `on-probation` if this user is a newcomer itself; `wrong-phase` while this
   *   member catches up; `wrong-mode` in a `de-mls-3` conversation; `invalid-member-id`, `not-joined`,
   *   `conversation-ended`, `closed`.
   */
  confirmMember(member: MemberId): Promise<void>;
  /**
   * A code of the current epoch: 60 decimal digits in groups of five, such as `"01234 56789 …"`. Equal at two members only
   * if they share the group, the epoch and its keys. It changes with each commit, so compare it at once, for instance in one
   * room. It proves nothing about who the members are: see {@link ConversationPeople.verificationCode}.
   *
   * @throws DemlsError `not-joined`, `conversation-ended`.
   */
  fingerprint(): string;
  /**
   * A code of this user's identity and another one, of the form of {@link ConversationPeople.fingerprint}. Two people
   * who read out the same code to each other know the identities of each other: the other person controls the identity
   * that this conversation shows. Both see the same code, in each conversation, for as long as both keep their
   * identities: neither a commit nor new MLS keys change it.
   *
   * @param member a member, or a joiner that waits or is being voted on. The identities of both are proved; that of
   *   anyone else is not.
   * @throws DemlsError `wrong-mode` in a `de-mls-3` conversation, in which an identity is a claim; `own-identity`,
   *   `invalid-member-id`, `not-joined`, `conversation-ended`.
   */
  verificationCode(member: MemberId): string;
  /**
   * Marks a member as verified by this user, or takes the mark back: `MemberSnapshot.verified`. The mark is kept with the
   * conversation and never sent. A member keeps it with new keys and a new leaf, and loses it when it is removed.
   *
   * Resolves once it is stored. Of more than 1,024 marks the oldest is dropped.
   *
   * @param verified - defaults to `true`.
   * @throws DemlsError `wrong-mode` in a `de-mls-3` conversation; `own-identity`, `not-a-member`, `invalid-member-id`,
   *   `not-joined`, `conversation-ended`, `closed`.
   */
  markVerified(member: MemberId, verified?: boolean): Promise<void>;
}
