import { filter } from "rxjs";
import type { ConversationDriver } from "../runtime/driver.js";
import type { ConversationEvent } from "../model/event.js";
import { firstOf } from "./first-of.js";

/** Event type of one kind. */
export type EventOfKind<Kind extends ConversationEvent["kind"]> = Extract<ConversationEvent, { kind: Kind }>;

/** Filter and abort signal of {@link Conversation.nextEvent}. */
export interface NextEventOptions<Event extends ConversationEvent> {
  /** Filter of events. @defaultValue accepts the first event of the kind */
  readonly where?: (event: Event) => boolean;
  /** Stops waiting: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Implements `Conversation.nextEvent`. Does not remove kept events from storage. */
export function nextEvent<Kind extends ConversationEvent["kind"]>(
  driver: Pick<ConversationDriver, "events" | "state">,
  kind: Kind,
  { where = () => true, signal }: NextEventOptions<EventOfKind<Kind>> = {},
): Promise<EventOfKind<Kind>> {
  const isWanted = (event: ConversationEvent): event is EventOfKind<Kind> =>
    event.kind === kind && where(event as EventOfKind<Kind>);
  return firstOf(driver.events.pipe(filter(isWanted)), driver, signal);
}
