import { bytesEqual, type Packet } from "@demls/wire/core";
import type { ConversationState } from "../model/state.js";
import type { DriverContext } from "./driver-context.js";
import { createProbeAnswers } from "./probe-answers.js";

/** Packets of joiners, and the answers to them, in one conversation. */
export interface Door {
  receive(packet: Packet): void;
  /** Passes the packets to a handler too: that of a joiner that awaits answers. @returns the function that ends it. */
  listen(handler: (packet: Packet) => void): () => void;
  /** Answers no further joiner. */
  close(): void;
}

/** @param stateOf - returns the current state of the conversation. */
export function createDoor(context: DriverContext, stateOf: () => ConversationState): Door {
  const answers = createProbeAnswers(context, stateOf);
  const listeners = new Set<(packet: Packet) => void>();
  return {
    receive(packet) {
      if (bytesEqual(packet.appId, context.appId)) return;
      for (const listener of listeners) listener(packet);
      void answers.receive(packet).then((verdict) => context.transport.noteVerdict?.(packet, verdict));
    },
    listen(handler) {
      listeners.add(handler);
      return () => void listeners.delete(handler);
    },
    close: answers.close,
  };
}
