import type { CancelTimer } from "@demls/wire/core";
import type { Clock, Conversation } from "demls";
import { subscribersOf, type ChatTransport } from "./chat-transport.js";

/** Minimum time between two announcements, however often peers reconnect. */
const MIN_INTERVAL_MS = 5_000;

/** Time after the first announcement in which a group usually votes and commits, also without its epoch steward. */
const USUAL_JOIN_MS = 90_000;

/** Options of {@link announceUntilJoined}. */
export interface AnnouncementOptions {
  readonly conversation: Conversation;
  readonly transport: ChatTransport;
  readonly clock: Clock;
  /** Called after each announcement with the number of subscribed peers. */
  readonly onAsked: (subscribers: number) => void;
  /** Called once if this user is not let in within the usual time. */
  readonly onUnanswered: () => void;
  readonly onFailed: (error: unknown) => void;
}

/**
 * Announces the joiner's key package whenever the number of peers that subscribe to the conversation grows: the first
 * peers may not be members. Each announcement has the same key package, so that members see one joiner. Strict members that
 * have voted no do not vote on it again.
 */
export function announceUntilJoined(options: AnnouncementOptions): void {
  const { conversation, transport, clock, onAsked, onUnanswered, onFailed } = options;
  let asked = 0;
  let lastMs = -MIN_INTERVAL_MS;
  let cancel: CancelTimer = () => undefined;
  let stopWaiting: CancelTimer | undefined;

  function announceIfDue(): void {
    cancel();
    const listening = subscribersOf(transport.connection, conversation.name);
    // A peer that disconnects may be replaced by one that has not received the key package.
    asked = Math.min(asked, listening);
    if (listening <= asked) return;
    const dueMs = lastMs + MIN_INTERVAL_MS;
    if (clock.monotonicMs() < dueMs) {
      cancel = clock.wakeAt(dueMs, announceIfDue);
      return;
    }
    stopWaiting ??= clock.wakeAt(clock.monotonicMs() + USUAL_JOIN_MS, onUnanswered);
    asked = listening;
    lastMs = clock.monotonicMs();
    conversation.announceAgain().then(
      () => onAsked(listening),
      (error: unknown) => {
        // The welcome came meanwhile.
        if (conversation.state.phase === "pending-join") onFailed(error);
      },
    );
  }

  const changes = transport.connection$.subscribe(announceIfDue);
  const stop = (): void => {
    cancel();
    stopWaiting?.();
    changes.unsubscribe();
  };
  conversation.joined.then(stop, stop);
}
