import { asksForAdmission } from "../model/abilities.js";
import type { ChangeRequest } from "../model/request.js";
import { policyOf, type ActiveTransaction } from "../model/transaction.js";

/**
 * Whether a proposal is buffered: before its ConversationSync a joiner does not know the bound on guests, nor the
 * newcomers, by which it judges additions; and it cannot check an election, whose unexpected list it must not accept if
 * the mode rejects those (W7).
 */
export function awaitsSync(tx: ActiveTransaction, request: ChangeRequest): boolean {
  if (tx.state.sync.synced) return false;
  if (request.kind === "add") return asksForAdmission(tx);
  return request.kind === "electStewards" && policyOf(tx).rejectsUnexpectedElections;
}
