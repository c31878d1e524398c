import { emit, policyOf, update, type ActiveTransaction } from "../model/transaction.js";

/** Time that a member waits for an answer to its first request: three tries of five seconds. */
export const PATIENCE_MS = 15_000;

/**
 * Whether this member has not caught up yet after a start or a pause. Until then it casts no default vote, decides no
 * vote, sends no candidate and merges no commit: it may have missed those of the others.
 */
export function isCatchingUp({ state }: ActiveTransaction): boolean {
  return state.repair.catchUp !== undefined;
}

/** Starts to catch up, unless there is no other member to ask. */
export function beginCatchUp(tx: ActiveTransaction): boolean {
  if (!policyOf(tx).repairsGaps || tx.state.group.members.length === 1) return false;
  update(tx, "repair", { catchUp: { endsAtMs: tx.env.nowMs + PATIENCE_MS } });
  return true;
}

/** Ends catching up: this member acts again. */
export function endCatchUp(tx: ActiveTransaction): void {
  if (isCatchingUp(tx)) update(tx, "repair", { catchUp: undefined });
}

/** Emits `caughtUp` once this member has merged the commits that it missed and is in the epoch of the others. */
export function noteCaughtUp(tx: ActiveTransaction): void {
  const { behindSince, peerEpoch } = tx.state.repair;
  const { epoch } = tx.state.group;
  if (behindSince === undefined || (peerEpoch !== undefined && peerEpoch > epoch)) return;
  update(tx, "repair", { behindSince: undefined });
  emit(tx, { kind: "caughtUp", from: behindSince, epoch });
}
