import { DemlsError } from "@demls/wire/core";
import type { AutomaticOperation } from "../model/traced-decision.js";
import { emit, trace, type ActiveTransaction } from "../model/transaction.js";

/**
 * Opens a proposal that no caller asked for, so that no caller would see it fail. A failure leaves the transaction as
 * it was, adds an `error` event, and lets the rest of the step go on: a packet, a timer or a commit is handled even
 * where its follow-up fails.
 *
 * @param open opens it and may return the proposal's id.
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
