import {
  APP_MSG_SUBTOPIC,
  DemlsError,
  WELCOME_SUBTOPIC,
  type Packet,
  type Unsubscribe,
} from "@demls/wire/core";
import type { ConversationEvent } from "../model/event.js";

/** Takes packets of a subtopic that is not the session's own. */
export type SubtopicHandler = (packet: Packet) => void;

/** Who takes the packets of which further subtopic: one handler each. */
export interface SubtopicHandlers {
  /** @throws DemlsError `invalid-subtopic` where it is empty or no text, `subtopic-taken`. */
  register(subtopic: string, handler: SubtopicHandler): Unsubscribe;
  of(subtopic: string): SubtopicHandler | undefined;
}

const SESSION_SUBTOPICS: ReadonlySet<string> = new Set([WELCOME_SUBTOPIC, APP_MSG_SUBTOPIC]);

export function createSubtopicHandlers(): SubtopicHandlers {
  const handlers = new Map<string, SubtopicHandler>();
  return {
    register(subtopic, handler) {
      if (typeof subtopic !== "string" || subtopic === "") throw invalidSubtopic();
      if (SESSION_SUBTOPICS.has(subtopic) || handlers.has(subtopic)) throw subtopicTaken(subtopic);
      handlers.set(subtopic, handler);
      return () => {
        if (handlers.get(subtopic) === handler) handlers.delete(subtopic);
      };
    },
    of: (subtopic) => handlers.get(subtopic),
  };
}

function invalidSubtopic(): DemlsError<"invalid-subtopic"> {
  return new DemlsError("invalid-subtopic", {
    message: "A subtopic has a name.",
    field: "subtopic",
    remedy: "Give the name that the packets' senders give, of at least one character.",
  });
}

function subtopicTaken(subtopic: string): DemlsError<"subtopic-taken"> {
  return new DemlsError("subtopic-taken", {
    message: `The subtopic ${JSON.stringify(subtopic)} has a handler.`,
    field: "subtopic",
    remedy: "Choose another name, or end the other handler first.",
  });
}

/** A handler's fault is its owner's to see, and must not come back to the transport. */
export function handOverStewardship(
  packet: Packet,
  handler: SubtopicHandler,
  report: (error: Extract<ConversationEvent, { kind: "error" }>) => void,
): void {
  // One that is async may fail later, and nobody else would see it.
  const run = async (): Promise<unknown> => handler(packet);
  run().catch(() => {
    const message = `The handler of the subtopic ${JSON.stringify(packet.subtopic)} failed.`;
    report({ kind: "error", code: "subtopic-handler-failed", operation: "subtopic", message });
  });
}
