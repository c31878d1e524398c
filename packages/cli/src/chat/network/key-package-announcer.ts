import type { CancelTimer } from "@demls/wire/core";
import type { Clock, Conversation, User } from "demls";
import { subscribersOf, type ChatTransport } from "./chat-transport.js";

/** Peers that come and go make no member hear more often of a joiner. */
const MIN_INTERVAL_MS = 5_000;

/** What is needed to ask to be let in. */
export interface AnnouncementOptions {
  readonly user: User;
  readonly conversation: Conversation;
  readonly transport: ChatTransport;
  readonly clock: Clock;
  /** So many peers were asked. */
  readonly onAsked: (subscribers: number) => void;
  readonly onFailed: (error: unknown) => void;
}

/**
 * Asks to be let in whenever more peers listen to the conversation than before: whoever was asked first may be no
 * member. It is the same key package each time, so that members have one joiner before them. Nobody is asked twice
 * without cause: a group that has voted no is left in peace.
 */
export async function announceUntilJoined(options: AnnouncementOptions): Promise<void> {
  const { user, conversation, transport, clock, onAsked, onFailed } = options;
  const keyPackage = await user.generateKeyPackage();
  let asked = 0;
  let lastMs = -MIN_INTERVAL_MS;
  let cancel: CancelTimer = () => undefined;

  function announceIfDue(): void {
    cancel();
    const listening = subscribersOf(transport.connection, conversation.name);
    // Who was asked and went may come back as somebody else.
    asked = Math.min(asked, listening);
    if (listening <= asked) return;
    const dueMs = lastMs + MIN_INTERVAL_MS;
    if (clock.monotonicMs() < dueMs) {
      cancel = clock.wakeAt(dueMs, announceIfDue);
      return;
    }
    asked = listening;
    lastMs = clock.monotonicMs();
    conversation.announceKeyPackage(keyPackage).then(() => onAsked(listening), onFailed);
  }

  const changes = transport.connection$.subscribe(announceIfDue);
  const stop = (): void => {
    cancel();
    changes.unsubscribe();
  };
  conversation.joined.then(stop, stop);
}
