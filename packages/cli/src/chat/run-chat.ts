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

/** Dependencies of {@link runChat}. */
export interface ChatContext {
  readonly view: ChatView;
  readonly identity: OpenIdentity;
  readonly transport: ChatTransport;
  readonly clock: Clock;
  readonly random: RandomSource;
  /** Ends the chat when aborted, as by a signal or the interrupt key. */
  readonly ending: AbortController;
}

/** Time limit for closing the user. */
const CLOSE_LIMIT_MS = 3_000;

/**
 * Runs one conversation until this user leaves or is removed. The end of the input and a signal make the user leave.
 * The user is closed when the promise resolves; the caller closes the transport and the identity.
 *
 * @returns whether this user left; false after a removal or a failed join.
 * @throws DemlsError as `createUser`, `createConversation` and `joinConversation`.
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
    // A failure to read the input ends the chat as the end of the input does.
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

/** Shows the start of the chat, watches the connections, and announces a joiner's key package. */
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

/** Records the sender's display name and numbers the vote of an event. */
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
