import { isBytes, memberIdToBytes, type MemberId, type Unsubscribe } from "@demls/wire/core";
import type { ConversationUpdateRequest } from "@demls/wire";
import { map, type Observable } from "rxjs";
import type { ConversationDriver } from "../runtime/driver.js";
import { invalidCreatorVote, invalidKeyPackage, invalidVote } from "../runtime/conversation-errors.js";
import type { ConversationEvent } from "../model/event.js";
import type { EventHandler } from "../runtime/event-feed.js";
import type { Command, CreatorVote } from "../model/input.js";
import { createAdmin, type ConversationAdmin } from "./admin.js";
import { EventIterator, type EventsOptions } from "./event-iterator.js";
import { trackJoin } from "./joined.js";
import { leaveProposal } from "./leave-call.js";
import { trackMembershipCall, type MembershipCall } from "./membership-call.js";
import { messageBytes } from "./message-bytes.js";
import { nextEvent, type EventOfKind, type NextEventOptions } from "./next-event.js";
import { nextState, type NextStateOptions } from "./next-state.js";
import { checkRequest } from "../model/request-check.js";
import { createSerialQueue } from "../runtime/serial-queue.js";
import type { ConversationSnapshot } from "../view/snapshot.js";
import { trackSentMessages, type SentMessage } from "./sent-messages.js";
import { removeRequest } from "../model/request.js";

/** How a proposal is made. */
export interface ProposeOptions {
  /**
   * Whether the own yes travels with the proposal, or is cast later like everyone's.
   *
   * @defaultValue `"yes"`
   */
  readonly creatorVote?: CreatorVote;
}

/**
 * One conversation, as one of its members holds it.
 *
 * Commands are taken in the order they are called. What a command cannot do it rejects with a
 * `DemlsError` before anything has changed.
 */
export interface Conversation {
  /** The name, the same for all members. */
  readonly name: string;
  /**
   * What happens, in the order it is decided; hot. Completes after `leaving` and on `close`. Where the user has a
   * storage, events that come while nobody observes are kept, up to 4,096, and the first observer begins with
   * them: after a restart too, and then perhaps with some that were told before.
   */
  readonly events$: Observable<ConversationEvent>;
  /**
   * The events from this call on, to be iterated with `for await`: taken as an observer takes them. Up to 4,096 events
   * and 64 MiB of chat wait; with one more it takes no further ones, and rejects with `events-overrun` after those that
   * wait. It ends when the conversation ends or is closed; `break` ends it sooner. Each call is an iteration of its own.
   *
   * With a storage, an event that has come here is not kept any longer, whether the loop got to it or not:
   * {@link Conversation.handleEvents} keeps it until it is handled.
   *
   * @throws (from the iteration) DemlsError `events-overrun`; the reason of `signal`, dropping events that wait.
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
   * Waits for one event: the next of this kind, from the moment of the call, so call it before what brings the
   * event about. Observers and handlers are told of it all the same.
   *
   * @throws DemlsError `conversation-ended`, a {@link ConversationEndedError}, where the conversation ends or is
   *   closed first; the reason of `signal`; what `where` throws. A rejection that is not awaited troubles nobody.
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
  /** The conversation as it is now. */
  readonly state: ConversationSnapshot;
  /** The same, now and after every change. */
  readonly state$: Observable<ConversationSnapshot>;
  /**
   * Waits for a state: the one of now where `where` holds for it, or else the first after a change.
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
   * Resolves once this member is in and can read and write: at once for a creator. Rejects with a
   * {@link ConversationEndedError} where it ends first, by its `reason`: `join-expired` when nobody answered
   * in time, `join-cancelled` by `leave()`, `closed`. A rejection that is not awaited troubles nobody.
   */
  readonly joined: Promise<void>;

  /**
   * Sends a chat message, text or bytes. Resolves when it is sealed and queued: at once while the
   * group works, and during a freeze when that is over.
   *
   * @throws DemlsError `invalid-message` for anything else and for half of a surrogate pair, `not-joined`,
   *   `message-too-large`, `too-many-messages`, `conversation-ended`, `closed`.
   */
  send(content: string | Uint8Array): Promise<SentMessage>;
  /**
   * Votes by hand on an open proposal, in place of the vote that its deadline would cast.
   *
   * @throws DemlsError `invalid-vote`, `not-joined`, `wrong-phase`, `already-voted`, `unknown-proposal`,
   *   `proposal-closed`, `conversation-ended`, `closed`.
   */
  vote(proposalId: number, choice: boolean): Promise<void>;
  /**
   * Proposes to add the owner of a key package that was handed over outside the network. The owner must have
   * called `joinConversation` by the time it is committed, or nobody is there to take the welcome.
   *
   * @throws (from `accepted`) DemlsError `invalid-key-package`, `already-a-member`, `already-proposed`,
   *   `invalid-creator-vote`, `wrong-phase`, `emergency-open`, `too-many-votes`, `not-joined`,
   *   `conversation-ended`, `closed`.
   */
  proposeAdd(keyPackage: Uint8Array, options?: ProposeOptions): MembershipCall;
  /**
   * Proposes to remove a member: the members vote, and a steward's commit carries it out. One's own removal is
   * {@link Conversation.leave}. A removed member may ask to be let in again, which is put to the vote like any joining.
   *
   * @throws (from `accepted`) DemlsError `invalid-member-id`, `not-a-member`, `already-proposed`,
   *   `invalid-creator-vote`, `wrong-phase`, `emergency-open`, `too-many-votes`, `not-joined`,
   *   `conversation-ended`, `closed`.
   */
  proposeRemove(member: MemberId, options?: ProposeOptions): MembershipCall;
  /**
   * Gives up the membership, for good: whoever wants back in asks as a stranger does. To end only this process, and
   * stay a member, close the user: {@link User.close}.
   *
   * A pending join and a conversation without other members end at once; otherwise this
   * member stays until the commit that removes it, and `committed` resolves with that. `accepted` resolves once
   * the leave is proposed, which waits for the end of a freeze.
   */
  leave(): MembershipCall;
  /**
   * Proposes any change: what {@link proposeAdd} and {@link proposeRemove} put together, an election or an
   * emergency. Members whose own state does not bear it out vote against it, unless told otherwise by hand.
   *
   * @param request taken as it is, so its bytes must not be changed afterwards.
   * @throws (from `accepted`) DemlsError `invalid-request` where it has no form that a request has,
   *   `value-out-of-range` for a number beyond its range, `incomplete-request` where it is empty, or an
   *   emergency without evidence; otherwise as {@link proposeAdd} and {@link proposeRemove}.
   */
  propose(request: ConversationUpdateRequest, options?: ProposeOptions): MembershipCall;
  /**
   * Publishes a key package of {@link User.generateKeyPackage}, while the join is pending: after
   * `joinConversation` with `announce: false`, or anew where nobody seems to have received the first.
   *
   * @throws DemlsError `invalid-key-package` for no bytes, `already-joined`, `conversation-ended`, `closed`.
   */
  announceKeyPackage(keyPackage: Uint8Array): Promise<void>;
  /**
   * Hands every event to `handler`, in order, the next when it is done with the one before. Where the user has a
   * storage, an event is kept until then: handed over at least once, though the process may die at any moment. So
   * store what an event tells before the handler resolves, and bear with hearing it twice. A handler that fails is
   * handed no more, and an `error` event says so; the event it failed on is the first for the next handler.
   *
   * There is one handler at a time: another one takes its place, and is handed anew what that one had in hand. From
   * the first handler on only handlers take events; observers see them as they come. Where the conversation ends,
   * the handler is still handed what waits.
   *
   * @returns what ends it; the events after that wait for the next handler.
   */
  handleEvents(handler: EventHandler): Unsubscribe;
  /** Rare calls: diagnosis, and bringing a group together again. */
  readonly admin: ConversationAdmin;
}

/** What the user's side of a conversation adds to it. */
export interface ConversationHost {
  /** Reads a key package that is to be added. */
  identityOf(keyPackage: Uint8Array): Promise<MemberId>;
}

/** The public face of a driver. */
export function createConversation(
  name: string,
  driver: ConversationDriver,
  host: ConversationHost,
): Conversation {
  const { events$ } = driver.feed;
  const { self } = driver.snapshot;
  const messages = trackSentMessages(driver);
  // Keeps the place of a command that takes work before the step can have it.
  const commands = createSerialQueue();

  async function runCommand(command: Command): Promise<void> {
    await commands.run(() => driver.submit({ kind: "command", command }));
  }

  function propose(
    requested: () => ConversationUpdateRequest | Promise<ConversationUpdateRequest>,
    options?: ProposeOptions,
  ): MembershipCall {
    const opened = commands.run(async () => {
      const creatorVote = options?.creatorVote ?? "yes";
      if (creatorVote !== "yes" && creatorVote !== "deferred") throw invalidCreatorVote();
      const request = await requested();
      checkRequest(request);
      const command = { kind: "propose", request, creatorVote } as const;
      const { proposalId } = await driver.submit({ kind: "command", command });
      return { proposalId: requireProposalId(proposalId), request };
    });
    return trackMembershipCall(opened, self, driver.events);
  }

  return {
    name,
    events$,
    // Piped from the subject itself it would be one, and open to be written to.
    state$: driver.states.asObservable().pipe(map(() => driver.snapshot)),
    joined: trackJoin(driver),
    get state() {
      return driver.snapshot;
    },
    events: (options) => new EventIterator(events$, options),
    nextEvent: (kind, options) => nextEvent(driver, kind, options),
    nextState: (where, options) => nextState(driver, where, options),

    async send(content) {
      const bytes = messageBytes(content);
      return messages.send((ticket) => runCommand({ kind: "send", ticket, content: bytes }));
    },

    async vote(proposalId, choice) {
      if (typeof choice !== "boolean") throw invalidVote();
      await runCommand({ kind: "vote", proposalId, vote: choice });
    },

    proposeAdd(keyPackage, options) {
      // Copied now, since the command may have to wait for its turn.
      const bytes = isBytes(keyPackage) ? Uint8Array.from(keyPackage) : undefined;
      const requested = async (): Promise<ConversationUpdateRequest> => {
        if (bytes === undefined) throw invalidKeyPackage();
        const identity = memberIdToBytes(await host.identityOf(bytes));
        return { kind: "invite_member", keyPackageBytes: bytes, identity };
      };
      return propose(requested, options);
    },

    proposeRemove: (member, options) => propose(() => removeRequest(member), options),
    propose: (request, options) => propose(() => request, options),

    leave() {
      const asked = commands.run(() => driver.submit({ kind: "command", command: { kind: "leave" } }));
      const opened = asked.then(({ state }) => leaveProposal(self, state, driver.states));
      return trackMembershipCall(opened, self, driver.events);
    },

    async announceKeyPackage(keyPackage) {
      if (!isBytes(keyPackage)) throw invalidKeyPackage();
      await runCommand({ kind: "announceKeyPackage", keyPackage: Uint8Array.from(keyPackage) });
    },

    handleEvents: (handler) => driver.feed.handle(handler),

    admin: createAdmin(driver, { run: runCommand, idle: () => commands.idle() }),
  };
}

function requireProposalId(proposalId: number | undefined): number {
  if (proposalId === undefined) throw new Error("A proposal was opened without an id.");
  return proposalId;
}
