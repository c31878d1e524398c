import { DemlsError, type Clock, type Conversation, type ConversationEndedError } from "demls";
import { subscribersOf, type ChatTransport } from "./network/chat-transport.js";
import { withinTime } from "./time-limit.js";
import type { ChatEvent } from "./view/chat-event.js";
import type { ChatView } from "./view/chat-view.js";

/** Time limit for publishing the leave proposal; a freeze may delay it. */
const LEAVE_LIMIT_MS = 5_000;
/** Time limit for the commit of the leave when only one other member remains. */
const COMMIT_LIMIT_MS = 15_000;
/** Time limit for publishing what waits. The rest is published after the next start. */
const PUBLISH_LIMIT_MS = 3_000;

/**
 * Proposes to leave and waits until the proposal is published. Nothing is kept, so that this member cannot resume later,
 * and would stay in the group without reading. Two or more remaining members commit the leave without this one. A single
 * remaining member publishes its commit only to a connected peer, so this function waits for the commit.
 */
export async function leaveGroup(conversation: Conversation, clock: Clock): Promise<void> {
  const { accepted, committed } = conversation.leave();
  let isPublished = false;
  const out = accepted
    .then(() => conversation.nextState(({ pendingOutbound }) => pendingOutbound === 0))
    .then(() => (isPublished = true));
  await withinTime(out, clock, LEAVE_LIMIT_MS);
  if (isPublished && conversation.state.members.length === 2)
    await withinTime(committed, clock, COMMIT_LIMIT_MS);
}

/** Waits until all packets are published, for a short time, and not without a peer in the conversation. */
export async function publishPending(
  conversation: Conversation,
  transport: ChatTransport,
  clock: Clock,
): Promise<void> {
  if (subscribersOf(transport.connection, conversation.name) === 0) return;
  const published = conversation.nextState(({ pendingOutbound }) => pendingOutbound === 0);
  await withinTime(published, clock, PUBLISH_LIMIT_MS);
}

/**
 * Hides errors at the end: after this member has left, such as failed publishes of buffered messages; after the failure of
 * the storage, by which all else fails; and the end of the user itself, after which the next start publishes them.
 */
export function muteErrorsAtEnd(view: ChatView): ChatView {
  let isEnding = false;
  return {
    ...view,
    show(event) {
      const kind = event.kind === "event" ? event.event.kind : undefined;
      if (isEnding && (event.kind === "failed" || kind === "error")) return;
      if (event.kind === "failed" && isOfClosing(event.error)) return;
      isEnding ||= kind === "leaving" || isStorageFailure(event);
      view.show(event);
    },
  };
}

function isStorageFailure(event: ChatEvent): boolean {
  return event.kind === "event" && event.event.kind === "error" && event.event.code === "storage-failed";
}

function isOfClosing(error: unknown): boolean {
  if (!(error instanceof DemlsError)) return false;
  const { code, reason } = error as DemlsError & Partial<Pick<ConversationEndedError, "reason">>;
  return code === "closed" || reason === "closed";
}
