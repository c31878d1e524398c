import { DemlsError } from "@demls/wire/core";
import type { AutomaticOperation } from "../model/traced-decision.js";
import { trace, emit, type Transaction } from "../model/transaction.js";

/**
 * Opens a proposal that nobody has called for, so that nobody would see it fail. Where it cannot be opened
 * the turn is as before, but for an `error` event, and the rest of the step goes on: a packet, a timer or a
 * commit must not come to nothing because of what would have followed from it.
 *
 * @param open what opens it; a proposal's id where it returns one.
 * @returns whether it was opened.
 */
export async function proposeAutomatically(
  tx: Transaction,
  operation: AutomaticOperation,
  open: () => unknown,
): Promise<boolean> {
  const { state } = tx;
  const effectsBefore = tx.effects.length;
  try {
    const opened = await open();
    const proposalId = typeof opened === "number" ? opened : undefined;
    trace(tx, { kind: "opened", operation, proposalId });
    return true;
  } catch (error) {
    if (!(error instanceof DemlsError)) throw error;
    tx.state = state;
    tx.effects.length = effectsBefore;
    trace(tx, { kind: "openingFailed", operation, code: String(error.code) });
    emit(tx, { kind: "error", code: "opening-failed", operation, message: error.message });
    return false;
  }
}
