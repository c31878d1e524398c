import type { MemberId } from "@demls/wire/core";

/** Chat message of another member, or of this member itself, as an application shows and keeps it. */
export interface ChatMessage {
  /**
   * Id of the message, equal at all members and after a restart; unique for each sender in a group. The sender chooses
   * it, 16 bytes in lower-case hex, and a dishonest one may repeat an id. A message without one, as of a 3.0.0 member, has
   * its place in the group, such as `"7.2.15"`: epoch, leaf and number.
   */
  readonly id: string;
  /** Sender, authenticated by MLS. */
  readonly sender: MemberId;
  /** Whether this user has sent it. */
  readonly isOwn: boolean;
  /**
   * Name that the sender claims, at most 64 bytes of UTF-8 without control characters. Not verified: members can claim
   * the same name. It is `MemberSnapshot.claimedName` as of the time of the message.
   */
  readonly claimedName: string | undefined;
  /** Whether this user had marked the sender as verified when the message came; false for its own messages. */
  readonly verified: boolean;
  readonly content: Uint8Array;
  /** The content as text; undefined unless it is valid UTF-8. */
  readonly text: string | undefined;
  /** Epoch of its first encryption. */
  readonly epoch: bigint;
  /**
   * Time of sending in milliseconds since the Unix epoch, as the sender claims. Undefined in messages of 3.0.0 members,
   * and beyond the range of a `Date`.
   */
  readonly sentAtMs: number | undefined;
  /** Time at which this user opened the message, or encrypted its own: milliseconds since the Unix epoch. */
  readonly receivedAtMs: number;
  /**
   * Place of the message in its history: text that sorts in the order in which this user received and sent messages.
   * Never used twice in a history. Without a history, places count from the start of this process.
   */
  readonly position: string;
}

/** Chat message before it has a place. */
export type UnplacedMessage = Omit<ChatMessage, "position">;
