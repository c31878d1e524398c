import { DemlsError } from "@demls/wire/core";
import type { AutomaticOperation } from "./traced-decision.js";
import { decide, emit, type Turn } from "./turn.js";

/**
 * Opens a proposal that nobody has called for, so that nobody would see it fail. Where it cannot be opened
 * the turn is as before, but for an `error` event, and the rest of the step goes on: a packet, a timer or a
 * commit must not come to nothing because of what would have followed from it.
 *
 * @param open what opens it; a proposal's id where it returns one.
 * @returns whether it was opened.
 */
export async function openAutomatically(
  turn: Turn,
  operation: AutomaticOperation,
  open: () => unknown,
): Promise<boolean> {
  const { state } = turn;
  const effectsBefore = turn.effects.length;
  try {
    const opened = await open();
    const proposalId = typeof opened === "number" ? opened : undefined;
    decide(turn, { kind: "opened", operation, proposalId });
    return true;
  } catch (error) {
    if (!(error instanceof DemlsError)) throw error;
    turn.state = state;
    turn.effects.length = effectsBefore;
    decide(turn, { kind: "opening-failed", operation, code: String(error.code) });
    emit(turn, { kind: "error", operation, message: error.message });
    return false;
  }
}
