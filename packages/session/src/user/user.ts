// Declares Symbol.asyncDispose for projects whose `lib` is a year, such as ES2022.
/// <reference lib="esnext.disposable" preserve="true" />
import type { NamedConversation } from "@demls/join";
import type { MemberId, Unsubscribe } from "@demls/wire/core";
import type { Observable } from "rxjs";
import type { SubtopicHandler } from "../runtime/subtopic-handlers.js";
import type { Conversation } from "./conversation.js";
import type { JoinAttempt, JoinOptions } from "./join-attempt.js";
import type { ConversationHistory } from "./message-calls.js";
import type { CreateConversationOptions } from "./options.js";
import type { LifecycleEvent } from "./registry.js";

/** A member of any number of conversations. */
export interface User {
  /** Member id of this user in every conversation. */
  readonly id: MemberId;
  /** Human-readable name; not verified. */
  readonly display: string;
  /**
   * Conversations that this user is in or joining, by name. A stored one is restored when its value is read here first, by a
   * packet, or in its turn soon after the start. Reading the value throws `corrupt-storage` if its records cannot be read.
   */
  readonly conversations: ReadonlyMap<string, Conversation>;
  /**
   * Returns the conversation of this name. Use `conversations.get` if it may be missing.
   *
   * @throws DemlsError `unknown-conversation` if this user is not in it: never joined, still creating or opening it,
   *   left, or closed; `corrupt-storage` if its records cannot be read.
   */
  conversation(name: string): Conversation;
  /**
   * Kept histories that have messages, oldest first, also of conversations that have ended: see
   * the option `history`.
   *
   * @throws DemlsError `corrupt-storage`, `closed`.
   */
  histories(): Promise<readonly ConversationHistory[]>;
  /** Conversations added and removed; hot. `created` precedes all events of the conversation. */
  readonly lifecycle$: Observable<LifecycleEvent>;
  /**
   * Creates a conversation with this user as its only member and steward.
   *
   * @throws DemlsError `invalid-conversation-name`, `conversation-exists`, `invalid-compatibility`, `invalid-config`,
   *   `invalid-steward-list-config`, `invalid-scoring-config`, `unsupported-consensus` if the mode does not support an
   *   option of the consensus plug-in, `identity-not-proved` if the signer refuses to sign for this user's identity,
   *   `closed`.
   */
  createConversation(name: string, options?: CreateConversationOptions): Promise<Conversation>;
  /**
   * Joins a conversation: from the line in hand to a member in good standing, within one deadline, with the progress of
   * each step. With an invitation to a strict conversation it asks the members for their presence and the progress of
   * its request. With a name, and in `de-mls-3`, it asks nothing: `started` comes with the join, and no member confirms
   * `ready`.
   *
   * If this user is in the conversation already, or asks to join it, as after a restart, the attempt goes on with that.
   * Errors come by the promises of the attempt. After a deadline or an abort a pending join is given up, unless another
   * attempt shares it that goes on, or has ended with the first answer: the conversation ends with the reason
   * `join-expired` or `join-cancelled`. Later, a hidden leave answers a late welcome: at once after an abort, an hour
   * after a deadline or when this user is closed. Until then another attempt takes the welcome.
   *
   * @param wanted - the line of an invitation, `demls:…`, or its secret form; or a name, by which the group can be
   *   anyone's: see `state.unconfirmed`.
   */
  join(wanted: string | Uint8Array | NamedConversation, options?: JoinOptions): JoinAttempt;
  /**
   * Generates a key package for a member to add; valid for one welcome.
   *
   * @param conversation - the only conversation, or group of it, that can add it, if it is strict. Pass it wherever it is known:
   *   any group could add another key package whose bytes it learns.
   * @throws DemlsError `invalid-conversation-name`, `invalid-group-id`, `identity-not-proved` as
   *   {@link User.createConversation}, `closed`.
   */
  generateKeyPackage(conversation?: {
    readonly name: string;
    readonly groupId?: string;
  }): Promise<Uint8Array>;
  /**
   * Registers `handler` for the packets of another subtopic, in every conversation of this user.
   *
   * @throws DemlsError `invalid-subtopic`, `subtopic-taken`, `closed`.
   */
  handleSubtopic(subtopic: string, handler: SubtopicHandler): Unsubscribe;
  /**
   * Stops this user without leaving its conversations: it remains a member, and a user created again with the same
   * storage continues. Without a storage the keys are lost, so call {@link Conversation.leave} first; otherwise the
   * groups keep a member that cannot decrypt. Wipes secrets. Does not close the transport. Idempotent.
   */
  close(): Promise<void>;
  /** Same as `close`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}
