import type { Clock, Conversation } from "demls";
import { withinTime } from "./time-limit.js";
import type { ChatView } from "./view/chat-view.js";

/** For how long word of leaving may take to go out: a freeze may hold it up. */
const LEAVE_LIMIT_MS = 5_000;
/** For how long the only other member may take to commit that this one leaves. */
const COMMIT_LIMIT_MS = 15_000;

/** Once the conversation is over: whether this member wished to leave it. */
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
 * Proposes to leave, and waits until that is out: nothing of the conversation is kept, so that this member could not
 * come back to it, and the others would wait for one that is no more. They commit it among themselves; a single one
 * that stays behind could not, since a commit that no peer takes counts for nothing, and is waited for.
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

/** Tells nothing of what fails once this member is out: messages that still waited for a reader concern nobody. */
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
