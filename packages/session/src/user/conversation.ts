import type { MemberId, Unsubscribe } from "@demls/wire/core";
import type { Observable } from "rxjs";
import type { ChatMessage } from "../model/chat-message.js";
import type { ConversationEvent } from "../model/event.js";
import type { EventHandler } from "../runtime/event-feed.js";
import type { CreatorVote } from "../model/input.js";
import type { ConversationAdmin } from "./admin.js";
import type { ConversationPeople } from "./conversation-people.js";
import type { EventsOptions } from "./event-iterator.js";
import type { MembershipCall } from "./membership-call.js";
import type { MessagePage, MessagesStart } from "./message-calls.js";
import type { EventOfKind, NextEventOptions } from "./next-event.js";
import type { NextStateOptions } from "./next-state.js";
import type { ConversationSnapshot } from "../view/snapshot.js";
import type { SentMessage } from "./sent-messages.js";
import type { ChangeRequest } from "../model/request.js";

/** Options of {@link Conversation.renewKeys}. */
export interface RenewKeysOptions {
  /**
   * Whether to renew the MLS signature key too.
   *
   * @defaultValue `false`: HPKE keys alone
   */
  readonly signature?: boolean;
}

/** Options of a proposal. */
export interface ProposeOptions {
  /**
   * Whether this member's yes vote travels with the proposal (`"yes"`) or is cast later (`"deferred"`).
   *
   * @defaultValue `"yes"`
   */
  readonly creatorVote?: CreatorVote;
}

/**
 * A conversation that this user is in or joining.
 *
 * Commands run in call order. A command that fails rejects with a `DemlsError` and changes nothing.
 */
export interface Conversation extends ConversationPeople {
  /** The name, equal at all members. */
  readonly name: string;
  /**
   * Events in order; hot. Completes after `leaving` and after `close`. With a storage, up to 4,096 events are kept
   * while there are no subscribers. The first subscriber receives them, also after a restart, when some may be
   * delivered a second time.
   */
  readonly events$: Observable<ConversationEvent>;
  /**
   * Iterates over the events from this call on with `for await`. Up to 4,096 events and 64 MiB of chat are buffered.
   * One event more stops the subscription, and the iteration rejects with `events-overrun` after the buffered events.
   * The iteration ends when the conversation ends or is closed, or with `break`. Each call starts an independent
   * iteration.
   *
   * With a storage, events are removed from it when they are buffered here, even if the loop never reaches them.
   * {@link Conversation.handleEvents} keeps each event until it is handled.
   *
   * @throws (from the iteration) DemlsError `events-overrun`; the reason of `signal`, which drops buffered events.
   *
   * @example
   * ```ts
   * for await (const event of garden.events({ signal })) {
   *   if (event.kind === "message") console.log(event.text);
   * }
   * ```
   */
  events(options?: EventsOptions): AsyncIterableIterator<ConversationEvent>;
  /**
   * Waits for the next event of a kind. Call it before the action that causes the event. Subscribers and handlers
   * receive the event too.
   *
   * @throws DemlsError `conversation-ended`, a {@link ConversationEndedError}, if the conversation ends or is closed
   *   first; the reason of `signal`; any error of `where`. Never causes an unhandled rejection.
   *
   * @example
   * ```ts
   * const answer = garden.nextEvent("message", { where: ({ sender }) => sender === bobId });
   * await garden.send("hello");
   * console.log((await answer).text);
   * ```
   */
  nextEvent<Kind extends ConversationEvent["kind"]>(
    kind: Kind,
    options?: NextEventOptions<EventOfKind<Kind>>,
  ): Promise<EventOfKind<Kind>>;
  /**
   * Chat of this and the other members: the kept messages, oldest first, and then new ones as they are stored, without a
   * gap or a repetition between both. Before the join it waits for the group. Without a history it begins with new ones.
   * Completes with the conversation; fails with the error of a storage that cannot be read. Kept messages are read 32 at
   * a time, and nothing is buffered: a subscriber that needs time takes pages of {@link Conversation.messages}.
   */
  readonly messages$: Observable<ChatMessage>;
  /**
   * The same, from a later beginning.
   *
   * @throws DemlsError `invalid-page`.
   *
   * @example
   * ```ts
   * garden.messagesFrom({ last: 50 }).subscribe(({ sender, text }) => console.log(sender, text));
   * ```
   */
  messagesFrom(start: MessagesStart): Observable<ChatMessage>;
  /**
   * Kept messages, a page at a time, newest first unless `order` is `"oldest"`; none without a history and before the
   * join. Also after the conversation has ended, until the user is closed; after a restart {@link User.histories} has them.
   *
   * @throws DemlsError `invalid-page`, `corrupt-storage`, `closed`.
   *
   * @example
   * ```ts
   * const newest = await garden.messages({ limit: 20 });
   * const older = await garden.messages({ before: newest.at(-1)?.position, limit: 20 });
   * const later = await garden.messages({ after: older[0]?.position, limit: 20, order: "oldest" });
   * ```
   */
  messages(page?: MessagePage): Promise<readonly ChatMessage[]>;
  /**
   * Deletes a kept message here; other members keep theirs. Resolves once the storage has deleted it, or at once if it is
   * not kept.
   *
   * @throws DemlsError `invalid-page` unless it has a position; `closed`; any error of the storage.
   */
  deleteMessage(message: Pick<ChatMessage, "position">): Promise<void>;
  /**
   * Deletes all messages that are kept at the time of the call. Resolves once the storage has deleted them.
   *
   * @throws DemlsError `closed`; any error of the storage.
   */
  clearHistory(): Promise<void>;
  /** Snapshot of the current state. */
  readonly state: ConversationSnapshot;
  /** The current snapshot, then a new snapshot after each change. */
  readonly state$: Observable<ConversationSnapshot>;
  /**
   * Waits for a state that satisfies `where`, starting with the current state.
   *
   * @throws DemlsError as {@link Conversation.nextEvent}.
   *
   * @example
   * ```ts
   * await garden.nextState(({ members, openVotes }) => members.length === 3 && openVotes.length === 0);
   * ```
   */
  nextState(
    where: (state: ConversationSnapshot) => boolean,
    options?: NextStateOptions,
  ): Promise<ConversationSnapshot>;
  /**
   * Resolves once this member can read and write; at once for the creator. A guest with an invitation of a strict
   * conversation is then in the group that its inviter or a deputy has confirmed. The group of any other joiner can be
   * anyone's: see {@link ConversationSnapshot.unconfirmed}. Rejects with a {@link ConversationEndedError} if the
   * conversation ends first. Its `reason` is `join-expired` if no welcome, or no confirmation, arrives in time,
   * `join-cancelled` after `leave()` or an abort, or `closed`. Never causes an unhandled rejection.
   */
  readonly joined: Promise<void>;

  /**
   * Sends a chat message, text or bytes. Resolves when the message is encrypted and queued: usually at once, in a
   * freeze at its end. In a strict conversation after a start or a pause, it resolves when this member has caught up
   * ({@link ConversationSnapshot.catchingUp}) and another one has answered. Until then the message waits in the state,
   * also over restarts.
   *
   * @throws DemlsError `invalid-message` for any other type and for text with a lone surrogate; `not-joined`,
   *   `message-too-large`, `too-many-messages`, `conversation-ended`, `closed`.
   */
  send(content: string | Uint8Array): Promise<SentMessage>;
  /**
   * Votes on an open proposal, in place of the default vote.
   *
   * @throws DemlsError `invalid-vote`, `not-joined`, `wrong-phase`, `already-voted`, `unknown-proposal`,
   *   `proposal-closed`, `conversation-ended`, `closed`.
   */
  vote(proposalId: number, choice: boolean): Promise<void>;
  /**
   * Proposes to add the owner of a key package received outside the network. The owner must call `User.join`
   * before the add is committed, or the welcome is lost.
   *
   * @throws (from `accepted`) DemlsError `invalid-key-package`, `already-a-member`, `already-proposed`,
   *   `invalid-creator-vote`, `wrong-phase`, `emergency-open`, `too-many-votes`, `not-joined`, `conversation-ended`,
   *   `closed`.
   */
  proposeAdd(keyPackage: Uint8Array, options?: ProposeOptions): MembershipCall;
  /**
   * Proposes to remove another member: the members vote, and a steward commits the removal. Use
   * {@link Conversation.leave} to remove this member. In a strict conversation the removed member is banned for
   * `banMemoryMs`; see {@link Conversation.unban}.
   *
   * @throws (from `accepted`) DemlsError `invalid-member-id`, `not-a-member`, `already-proposed`,
   *   `invalid-creator-vote`, `wrong-phase`, `emergency-open`, `too-many-votes`, `not-joined`, `conversation-ended`,
   *   `closed`.
   */
  proposeRemove(member: MemberId, options?: ProposeOptions): MembershipCall;
  /**
   * Leaves the conversation permanently. Joining again takes a new vote. To end the process and stay a member, use
   * {@link User.close}.
   *
   * A pending join and a conversation without other members end at once. Otherwise this member stays until a commit
   * removes it, and `committed` resolves with that commit. `accepted` resolves when the leave is proposed, after any
   * current freeze.
   */
  leave(): MembershipCall;
  /**
   * Renews the HPKE keys of this member's leaf and of the nodes above it (RFC 9420, section 7.4). Afterwards, a copy of
   * this member's state from before, such as a stolen one, opens nothing more. Each commit of this member renews them
   * too, and without this call they are renewed every `keyRenewalMs`.
   *
   * Resolves once a commit of this member is merged. It waits for approved changes, for a majority of the members, and
   * until an hour after this member's last renewal. The merge may be `provisional`, and taken back by `branchLost`.
   *
   * With `signature`, the MLS signature key of the user is renewed too: the signer is asked to vouch for the new one,
   * and the leaf gets it by the same commit, as do the leaves of the user's other strict conversations by theirs. A
   * holder of the former key can then neither sign as this member nor replace its leaf.
   *
   * @throws DemlsError `wrong-mode` in a `de-mls-3` conversation; `not-joined`, `conversation-ended`, `closed`; with
   *   `signature` also `identity-not-proved` if the signer refuses.
   */
  renewKeys(options?: RenewKeysOptions): Promise<void>;
  /**
   * Proposes any change: an add, a removal, an election or an emergency. By default, members vote no if their own state
   * does not confirm the request.
   *
   * @param request used without a copy; do not modify its bytes afterwards.
   * @throws (from `accepted`) DemlsError `invalid-request` for an unknown form, `value-out-of-range` for a number out
   *   of range, `incomplete-request` for an empty request or an emergency without evidence; otherwise as
   *   {@link proposeAdd} and {@link proposeRemove}.
   */
  propose(request: ChangeRequest, options?: ProposeOptions): MembershipCall;
  /**
   * Publishes a key package of {@link User.generateKeyPackage} while the join is pending: after `User.join` with
   * `announce: false`, or again if the first announcement may be lost.
   *
   * @throws DemlsError `invalid-key-package` unless bytes are passed, and for a join by an invitation; `already-joined`,
   *   `conversation-ended`, `closed`.
   */
  announceKeyPackage(keyPackage: Uint8Array): Promise<void>;
  /**
   * Publishes the key package of a pending join again, with the redemption of its invitation, as when a peer has connected
   * that may not have received it. The conversation does so by itself, at growing intervals.
   *
   * @throws DemlsError `invalid-key-package` if none was announced yet; `already-joined`, `conversation-ended`, `closed`.
   */
  announceAgain(): Promise<void>;
  /**
   * Passes each event to `handler`, in order, one at a time. With a storage, an event is kept until its handler
   * resolves: delivery is at least once, also after a crash. Store the event's effects before the handler resolves, and
   * accept duplicates. A handler that throws receives no more events, and an `error` event reports the failure. The
   * next handler starts with the failed event.
   *
   * A conversation has one handler at a time. A new handler replaces the old one and receives the unfinished event
   * again. After the first call only handlers remove events from storage; subscribers still see each new event. Kept
   * events are still delivered after the conversation ends.
   *
   * @returns a function that removes the handler; later events wait for the next handler.
   */
  handleEvents(handler: EventHandler): Unsubscribe;
  /** Diagnostics and repair. */
  readonly admin: ConversationAdmin;
}
