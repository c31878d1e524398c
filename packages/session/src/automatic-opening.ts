import { DemlsError } from "@demls/wire/core";
import { emit, type Turn } from "./turn.js";

/**
 * Opens a proposal that nobody has called for, so that nobody would see it fail. Where it cannot be opened
 * the turn is as before, but for an `error` event, and the rest of the step goes on: a packet, a timer or a
 * commit must not come to nothing because of what would have followed from it.
 *
 * @returns whether it was opened.
 */
export async function openAutomatically(
  turn: Turn,
  operation: string,
  open: () => unknown,
): Promise<boolean> {
  const { state } = turn;
  const effectsBefore = turn.effects.length;
  try {
    await open();
    return true;
  } catch (error) {
    if (!(error instanceof DemlsError)) throw error;
    turn.state = state;
    turn.effects.length = effectsBefore;
    emit(turn, { kind: "error", operation, message: error.message });
    return false;
  }
}
