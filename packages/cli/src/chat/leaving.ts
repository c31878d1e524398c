import type { Clock, Conversation } from "demls";
import { withinTime } from "./time-limit.js";
import type { ChatView } from "./view/chat-view.js";

/** Time limit for publishing the leave proposal; a freeze may delay it. */
const LEAVE_LIMIT_MS = 5_000;
/** Time limit for the commit of the leave when only one other member remains. */
const COMMIT_LIMIT_MS = 15_000;

/** Resolves at the end of the conversation: whether this member left or cancelled its join. */
export function endedByChoice({ events$ }: Conversation): Promise<boolean> {
  return new Promise((resolve) => {
    let isWished = true;
    events$.subscribe({
      next: (event) => {
        if (event.kind === "leaving") isWished = event.reason === "left" || event.reason === "join-cancelled";
      },
      complete: () => resolve(isWished),
    });
  });
}

/**
 * Proposes to leave and waits until the proposal is published. The chat stores nothing, so that this member cannot
 * resume later, and would stay in the group without reading. Two or more remaining members commit the leave without
 * this one. A single remaining member publishes its commit only to a connected peer, so this function waits for the
 * commit.
 */
export async function leaveGroup(conversation: Conversation, clock: Clock): Promise<void> {
  const { accepted, committed } = conversation.leave();
  let isOut = false;
  const out = accepted
    .then(() => conversation.nextState(({ pendingOutbound }) => pendingOutbound === 0))
    .then(() => (isOut = true));
  await withinTime(out, clock, LEAVE_LIMIT_MS);
  if (isOut && conversation.state.members.length === 2) await withinTime(committed, clock, COMMIT_LIMIT_MS);
}

/** Hides errors after this member has left, such as failed publishes of buffered messages. */
export function muteErrorsAfterLeaving(view: ChatView): ChatView {
  let isOut = false;
  return {
    ...view,
    show(event) {
      const kind = event.kind === "event" ? event.event.kind : undefined;
      if (isOut && (event.kind === "failed" || kind === "error")) return;
      isOut ||= kind === "leaving";
      view.show(event);
    },
  };
}
