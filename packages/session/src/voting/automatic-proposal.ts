import { DemlsError } from "@demls/wire/core";
import type { AutomaticOperation } from "../model/traced-decision.js";
import { emit, trace, type ActiveTransaction } from "../model/transaction.js";

/**
 * Opens an automatic proposal. A failure restores the transaction, emits an `error` event and does not fail the step:
 * the packet, timer or commit that led to the proposal is still handled.
 *
 * @param open opens the proposal and may return its id.
 * @returns whether it was opened.
 */
export async function proposeAutomatically(
  tx: ActiveTransaction,
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
