import { decodeWithdrawal, type Withdrawal } from "@demls/join";
import { bytesEqual, type Packet } from "@demls/wire/core";
import type { Input } from "../model/input.js";
import { LIMITS } from "../model/limits.js";
import { isActive, type ConversationState } from "../model/state.js";
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

/**
 * @param stateOf - returns the current state of the conversation.
 * @param submit - runs the step of an input.
 */
export function createDoor(
  context: DriverContext,
  stateOf: () => ConversationState,
  submit: (input: Input) => Promise<unknown>,
): Door {
  const answers = createProbeAnswers(context, stateOf);
  let budget = { minute: -1, left: 0 };

  /** A joiner has given up. Forged packets may spend the budget: then the joiner is added, and leaves. */
  function takeWithdrawal(withdrawal: Withdrawal): void {
    const state = stateOf();
    if (!isActive(state)) return;
    const { member } = withdrawal;
    const { changes, votes } = state;
    const isKnown = [...changes.pending.values(), ...votes.open.values(), ...changes.approved].some(
      ({ request }) => request.kind === "add" && request.member === member,
    );
    if (!isKnown) return;
    const minute = Math.floor(context.clock.monotonicMs() / 60_000);
    if (budget.minute !== minute) budget = { minute, left: LIMITS.withdrawalsPerMinute };
    budget = { minute, left: budget.left - 1 };
    if (budget.left < 0) return;
    // The conversation may have ended meanwhile.
    submit({ kind: "command", command: { kind: "withdrawJoiner", ...withdrawal } }).catch(() => undefined);
  }

  const listeners = new Set<(packet: Packet) => void>();
  return {
    receive(packet) {
      if (bytesEqual(packet.appId, context.appId)) return;
      for (const listener of listeners) listener(packet);
      const withdrawal = decodeWithdrawal(packet.payload);
      if (withdrawal !== undefined) return takeWithdrawal(withdrawal);
      const verdict = answers.receive(packet.payload);
      context.transport.noteVerdict?.(packet, verdict);
    },
    listen(handler) {
      listeners.add(handler);
      return () => void listeners.delete(handler);
    },
    close: answers.close,
  };
}
