import {
  APP_MSG_SUBTOPIC,
  DemlsError,
  JOIN_SUBTOPIC,
  REPAIR_SUBTOPIC,
  WELCOME_SUBTOPIC,
  type Packet,
  type Unsubscribe,
} from "@demls/wire/core";
import type { ConversationEvent } from "../model/event.js";

/** Handler of packets on an application's own subtopic. */
export type SubtopicHandler = (packet: Packet) => void;

/** Registry of subtopic handlers, one for each subtopic. */
export interface SubtopicHandlers {
  /** @throws DemlsError `invalid-subtopic` unless it is a non-empty string; `subtopic-taken`. */
  register(subtopic: string, handler: SubtopicHandler): Unsubscribe;
  of(subtopic: string): SubtopicHandler | undefined;
}

const SESSION_SUBTOPICS: ReadonlySet<string> = new Set([
  ...[WELCOME_SUBTOPIC, APP_MSG_SUBTOPIC, REPAIR_SUBTOPIC, JOIN_SUBTOPIC],
]);

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
    message: "A subtopic must be a non-empty string.",
    field: "subtopic",
    remedy: "Pass the subtopic that the senders of the packets use.",
  });
}

function subtopicTaken(subtopic: string): DemlsError<"subtopic-taken"> {
  return new DemlsError("subtopic-taken", {
    message: `The subtopic ${JSON.stringify(subtopic)} already has a handler.`,
    field: "subtopic",
    remedy: "Choose another name, or remove the other handler first.",
  });
}

/** Runs a handler. Its error is reported as an event and not thrown to the transport. */
export function deliver(
  packet: Packet,
  handler: SubtopicHandler,
  report: (error: Extract<ConversationEvent, { kind: "error" }>) => void,
): void {
  // An async handler may reject later.
  const run = async (): Promise<unknown> => handler(packet);
  run().catch(() => {
    const message = `The handler of the subtopic ${JSON.stringify(packet.subtopic)} failed.`;
    report({ kind: "error", code: "subtopic-handler-failed", operation: "subtopic", message });
  });
}
