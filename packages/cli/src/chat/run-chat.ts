import type { Clock, ConversationEvent, RandomSource, User } from "demls";
import { createChatUser, createOrJoin } from "./chat-user.js";
import type { OpenIdentity } from "./identity/open-identity.js";
import { endedByChoice, leaveGroup, muteErrorsAfterLeaving } from "./leaving.js";
import type { ChatTransport } from "./network/chat-transport.js";
import { watchConnection } from "./network/connection-changes.js";
import { announceUntilJoined } from "./network/key-package-announcer.js";
import type { ChatOptions } from "./options/chat-options.js";
import { createDisplayNames, type DisplayNames } from "./room/display-names.js";
import { createRoom, type Room } from "./room/room.js";
import { serveRequests } from "./serve-requests.js";
import { withinTime } from "./time-limit.js";
import type { ChatView } from "./view/chat-view.js";

/** What a chat runs on. */
export interface ChatContext {
  readonly view: ChatView;
  readonly identity: OpenIdentity;
  readonly transport: ChatTransport;
  readonly clock: Clock;
  readonly random: RandomSource;
  /** Aborted when the chat is to end: by a signal, or the interrupt key. */
  readonly ending: AbortController;
}

/** For how long a user may take to close. */
const CLOSE_LIMIT_MS = 3_000;

/**
 * Holds one conversation until it is left: by this user, by its input's end, by a signal, or because the others put
 * it out. What was begun is closed before it resolves, all but the transport and the identity, which are the caller's.
 *
 * @returns whether it ended as this user wished.
 * @throws DemlsError of `createUser` and of creating or joining a conversation.
 */
export async function runChat(options: ChatOptions, context: ChatContext): Promise<boolean> {
  const { clock, transport, ending } = context;
  const view = muteErrorsAfterLeaving(context.view);
  const displayNames = createDisplayNames();
  const user = await createChatUser(options, { ...context, displayNames });
  try {
    const conversation = await createOrJoin(user, options);
    const room = createRoom({ conversation, self: user.id, transport, clock });
    view.open(room);
    const isByChoice = endedByChoice(conversation);
    conversation.events$.subscribe((event) => {
      noteEvent(event, room, displayNames);
      view.show({ kind: "event", event });
    });
    start(user, room, options, { ...context, view });
    const stop = (): void => ending.abort();
    // What fails is the reading: there is nothing more to be had from an input that is gone.
    serveRequests(room, view, stop).then(stop, stop);
    void isByChoice.then(stop);
    await aborted(ending.signal);
    if (conversation.state.phase === "ended") return await isByChoice;
    view.show({ kind: "closing" });
    await leaveGroup(conversation, clock);
    return true;
  } finally {
    await withinTime(user.close(), clock, CLOSE_LIMIT_MS);
  }
}

/** Tells that it runs, and of its connections from now on; a joiner asks to be let in. */
function start(user: User, room: Room, options: ChatOptions, { view, identity }: ChatContext): void {
  const { transport, conversation, clock, self } = room;
  const { create: created } = options;
  const { peerId, addresses } = transport;
  view.show({
    kind: "started",
    conversation: conversation.name,
    created,
    member: self,
    peerId,
    addresses,
    identityFile: identity.file,
  });
  const unwatch = watchConnection(transport, conversation.name, clock, !created, (change) =>
    view.show({ kind: "connection", ...change }),
  );
  conversation.events$.subscribe({ complete: unwatch });
  if (created) return;
  const onFailed = (error: unknown): void => view.show({ kind: "failed", error });
  const onAsked = (subscribers: number): void => view.show({ kind: "asked", subscribers });
  announceUntilJoined({ user, conversation, transport, clock, onAsked, onFailed }).catch(onFailed);
}

/** What an event teaches: what its sender calls itself, and that there is a vote. */
function noteEvent(event: ConversationEvent, { names, votes }: Room, displayNames: DisplayNames): void {
  if (event.kind === "message") {
    const name = displayNames.lastOf(event.sender);
    if (name !== undefined) names.claim(event.sender, name);
  } else if ("proposalId" in event) votes.numberOf(event.proposalId);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
