import { filter } from "rxjs";
import type { ConversationDriver } from "../runtime/driver.js";
import type { ConversationEvent } from "../model/event.js";
import { firstOf } from "./first-of.js";

/** The event of one kind. */
export type EventOfKind<Kind extends ConversationEvent["kind"]> = Extract<ConversationEvent, { kind: Kind }>;

/** Which event is waited for, and for how long. */
export interface NextEventOptions<Event extends ConversationEvent> {
  /** @defaultValue the first of its kind is wanted */
  readonly where?: (event: Event) => boolean;
  /** Ends the waiting: it rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** See `Conversation.nextEvent`. Looks at the events themselves: nothing that is kept for an observer is taken. */
export function nextEvent<Kind extends ConversationEvent["kind"]>(
  driver: Pick<ConversationDriver, "events" | "state">,
  kind: Kind,
  { where = () => true, signal }: NextEventOptions<EventOfKind<Kind>> = {},
): Promise<EventOfKind<Kind>> {
  const isWanted = (event: ConversationEvent): event is EventOfKind<Kind> =>
    event.kind === kind && where(event as EventOfKind<Kind>);
  return firstOf(driver.events.pipe(filter(isWanted)), driver, signal);
}
