import type { AttemptOptions, JoinProgress, JoinStarted, ReadyReport } from "@demls/join";
import type { Observable } from "rxjs";
import type { Conversation } from "./conversation.js";
import type { ConversationOptions } from "./options.js";

/** Options of `User.join`. */
export interface JoinOptions extends ConversationOptions, AttemptOptions {
  /**
   * Whether to announce a fresh key package to the conversation. If false, send a key package of `User.generateKeyPackage` to a
   * member by other means, once {@link JoinAttempt.conversation} has resolved: an earlier welcome is lost. Only with a name.
   *
   * @defaultValue `true`
   */
  readonly announce?: boolean | undefined;
  /**
   * Name that this user claims in this conversation, as the option `display` of a user. It stays with the leaf, and is ignored if
   * the attempt goes on with a join that has been announced.
   *
   * @defaultValue that of the user
   */
  readonly display?: string | undefined;
  /**
   * Ends the attempt: its promises reject with the signal's reason, and a join that is pending is given up, unless
   * another attempt shares it. The members are told, so that they do not add this user.
   */
  readonly signal?: AbortSignal;
}

/** A join, from the line in hand to a member in good standing. */
export interface JoinAttempt {
  /** The conversation, once this user asks to join it. Rejects as {@link JoinAttempt.started}. */
  readonly conversation: Promise<Conversation>;
  /**
   * Resolves with the first answer of a member.
   *
   * Rejects with DemlsError `invitation-invalid`, which has a `reason`; `transport` if the conversation's packets cannot be
   * received; `no-ready-peers`, which has `waitedMs`, if no member has answered by the deadline; errors of
   * the settings as `User.createConversation`, `invalid-display`, `invalid-group-id`, `conversation-exists` if this user is in another group of the
   * name; `conversation-ended`; or the signal's reason. An answer counts if the inviter gives it, or
   * somebody that knows the key which the inviter has shared with the members.
   */
  readonly started: Promise<JoinStarted>;
  /**
   * Resolves once this user has joined the group that the inviter or one of its deputies has confirmed, has caught up, and
   * another member is in the same epoch.
   *
   * Rejects as {@link JoinAttempt.started}; with DemlsError `refused`, `banned`, `invitation-over`, `clock-off` or
   * `out-of-time` if the members have not let this user in by the deadline, and `backfill` if it has joined but lacks something then. With `until: "started"` it rejects with
   * `not-awaited` once the attempt has ended.
   */
  readonly ready: Promise<ReadyReport>;
  /** The current progress, then each change; completes when the attempt ends. */
  readonly progress$: Observable<JoinProgress>;
}
