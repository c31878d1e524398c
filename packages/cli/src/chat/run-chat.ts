import type { ChatMessage, Clock, ConversationEvent, RandomSource } from "demls";
import { createChatUser, openConversation, type OpenedConversation } from "./chat-user.js";
import { ignoredOptions } from "./ignored-options.js";
import { leaveGroup, muteErrorsAtEnd, publishPending } from "./leaving.js";
import { subscribersOf, type ChatTransport } from "./network/chat-transport.js";
import { watchConnection } from "./network/connection-changes.js";
import { announceUntilJoined } from "./network/key-package-announcer.js";
import { lastMessages } from "./room/last-messages.js";
import { keepPeers } from "./peer-keeper.js";
import { createRoom, followNames, type Room } from "./room/room.js";
import type { Seat } from "./seat.js";
import { serveRequests } from "./serve-requests.js";
import { keepSummary } from "./summary-keeper.js";
import { withinTime } from "./time-limit.js";
import type { ChatView } from "./view/chat-view.js";

/** Dependencies of {@link runChat}. */
export interface ChatContext {
  readonly view: ChatView;
  readonly seat: Seat;
  readonly transport: ChatTransport;
  readonly clock: Clock;
  readonly random: RandomSource;
  /** Ends the chat when aborted, as by a signal or the interrupt key. */
  readonly ending: AbortController;
}

type LeavingReason = Extract<ConversationEvent, { kind: "leaving" }>["reason"];

/**
 * Reason that a chat ended. `closed`: this user is still a member, or asks to join again at the next start; and so it is
 * after `storage-failed`, since the next start goes on from what was kept.
 */
export type ChatEnd = LeavingReason | "closed" | "storage-failed";

/** Number of kept messages that a chat begins with. */
const SHOWN_MESSAGES = 20;
/** Time limit for closing the user. */
const CLOSE_LIMIT_MS = 3_000;

/**
 * Runs one conversation until this user leaves, is removed, or ends the chat by a signal or the end of the input. In the
 * latter case the user stays a member if the conversation is kept, and leaves otherwise. The user is closed when the
 * promise resolves; the caller closes the transport and the seat.
 *
 * @throws DemlsError as `createUser` and `openConversation`.
 */
export async function runChat(context: ChatContext): Promise<ChatEnd> {
  const { seat, clock, transport, ending } = context;
  const { kept } = seat;
  const view = muteErrorsAtEnd(context.view);
  const onFailed = (error: unknown): void => view.show({ kind: "failed", error });
  const user = await createChatUser(context);
  try {
    // Asked before the conversation begins, whose first events a pause would lose.
    const neighbour = await seat.neighbour();
    const opened = await openConversation(user, seat);
    const { conversation } = opened;
    const options = { conversation, self: user.id, transport, clock, neighbour: seat.neighbour, kept };
    const room = createRoom({ ...options, inviter: seat.options.inviter });
    view.open(room);
    if (seat.options.name !== undefined) room.names.claim(user.id, seat.options.name);
    followNames(room);
    const keepers = kept === undefined ? [] : [keepSummary(room, onFailed), keepPeers(room, onFailed)];
    try {
      const history = kept && (await lastMessages(room, SHOWN_MESSAGES));
      room.names.claimIn(history ?? []);
      showStart(room, seat, opened, neighbour, view);
      if (opened.isResumed) await showIgnored(room, seat, view);
      await noteRemoval(room, seat, view);
      if (history !== undefined) view.show({ kind: "history", messages: history });
      const { queuedMessages } = conversation.state;
      if (queuedMessages > 0) view.show({ kind: "waiting", messages: queuedMessages });
      const stop = (reason?: ChatEnd): void => ending.abort(reason);
      const end = showEvents(room, view, stop);
      showOwnMessages(room, history, view, onFailed);
      watch(room, opened, { ...context, view });
      // A failure to read the input ends the chat as the end of the input does.
      serveRequests(room, view, stop).then(
        () => stop(),
        () => stop(),
      );
      await aborted(ending.signal);
      if (conversation.state.phase === "ended") return await end;
      view.show({ kind: "closing", leaves: kept === undefined });
      if (ending.signal.reason === "storage-failed") return "storage-failed";
      if (kept !== undefined) {
        await publishPending(conversation, transport, clock);
        return "closed";
      }
      await leaveGroup(conversation, clock);
      return "left";
    } finally {
      await Promise.all(keepers.map((keeper) => keeper.close()));
    }
  } finally {
    await withinTime(user.close(), clock, CLOSE_LIMIT_MS);
  }
}

function showStart(
  { conversation, transport, self }: Room,
  { options, identityFile, kept }: Seat,
  { isResumed }: OpenedConversation,
  neighbour: string | undefined,
  view: ChatView,
): void {
  const { peerId, addresses } = transport;
  view.show({
    kind: "started",
    conversation: conversation.name,
    created: options.create && !isResumed,
    resumed: isResumed,
    member: self,
    peerId,
    addresses,
    identityFile,
    kept: kept && { folder: kept.folder, encrypted: kept.isEncrypted },
    neighbour,
  });
}

/** Shows which options have no effect, so that nothing is ignored silently. The name that holds is kept in place of the given one. */
async function showIgnored(
  { conversation, self }: Room,
  { options, kept }: Seat,
  view: ChatView,
): Promise<void> {
  const ignored = ignoredOptions(conversation.state, self, options);
  if (ignored.length > 0) view.show({ kind: "ignored", options: ignored });
  const name = ignored.find(({ option }) => option === "--name")?.holds;
  if (name !== undefined) await kept?.remember({ name });
}

/** Shows that the group has removed this user, at each start until it has joined again. */
async function noteRemoval(
  { conversation }: Room,
  { kept, wasRemoved }: Seat,
  view: ChatView,
): Promise<void> {
  if (!wasRemoved || conversation.state.phase !== "pending-join") return;
  view.show({ kind: "removedBefore" });
  await kept?.remember({ wasRemoved: true });
  conversation.joined.then(() => kept?.remember({ wasRemoved: false })).catch(() => undefined);
}

/**
 * Shows the events of the conversation, also those that were kept until now.
 *
 * @param stop called when the conversation has ended, or its storage has failed.
 * @returns a promise of the reason.
 */
function showEvents(room: Room, view: ChatView, stop: (reason?: ChatEnd) => void): Promise<ChatEnd> {
  return new Promise((resolve) => {
    let end: ChatEnd = "closed";
    room.conversation.events$.subscribe({
      next(event) {
        if (event.kind === "leaving") end = event.reason;
        noteName(event, room);
        view.show({ kind: "event", event });
        if (event.kind === "error" && event.code === "storage-failed") stop("storage-failed");
      },
      complete() {
        resolve(end);
        stop();
      },
    });
  });
}

/** Shows the messages of this user once they are sent and kept, also those that waited since an earlier start. */
function showOwnMessages(
  { conversation }: Room,
  history: readonly ChatMessage[] | undefined,
  view: ChatView,
  onFailed: (error: unknown) => void,
): void {
  const after = history?.at(-1)?.position;
  conversation.messagesFrom(after === undefined ? { last: 0 } : { after }).subscribe({
    next(message) {
      if (message.isOwn) view.show({ kind: "said", message });
    },
    error: onFailed,
  });
}

/** Records the name that a sender claims, or a joiner. */
function noteName(event: ConversationEvent, { names }: Room): void {
  if (event.kind === "message") names.claimIn([event]);
  if (event.kind === "voteRequested" && event.request.kind === "add")
    names.claimIn([{ sender: event.request.member, claimedName: event.claimedName }]);
}

/** Watches the connections, and announces a joiner's key package. */
function watch(room: Room, { isResumed, attempt }: OpenedConversation, { view, seat }: ChatContext): void {
  const { transport, conversation, clock, joinProgress } = room;
  const isCreated = seat.options.create && !isResumed;
  const unwatch = watchConnection(transport, conversation.name, clock, !isCreated, (change) =>
    view.show({ kind: "connection", ...change }),
  );
  const progress = transport.connection$.subscribe((connection) =>
    joinProgress.noteConnection(connection.peers.length, subscribersOf(connection, conversation.name)),
  );
  const stop = (): void => {
    unwatch();
    progress.unsubscribe();
  };
  conversation.events$.subscribe({ complete: stop });
  attempt?.progress$.subscribe((joining) => {
    const show = (): void => view.show({ kind: "joining", ...joining });
    // The last one may come with the join, whose event has to be shown first.
    if (joining.stage === "ready") void conversation.joined.then(show);
    else show();
  });
  if (conversation.state.phase !== "pending-join") return;
  const onFailed = (error: unknown): void => view.show({ kind: "failed", error });
  const onAsked = (subscribers: number): void => view.show({ kind: "asked", subscribers });
  const onUnanswered = (): void => view.show({ kind: "unanswered" });
  const tell = { onAsked, onUnanswered, onFailed };
  announceUntilJoined({ conversation, transport, clock, ...tell });
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
