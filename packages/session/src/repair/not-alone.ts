import type { FactOf } from "../model/fact.js";
import { update, type ActiveTransaction } from "../model/transaction.js";

/** Notes that a member of the current epoch is there, whatever it has said before. */
export function notAlone(tx: ActiveTransaction, { epoch, position }: FactOf<"memberHeard">): void {
  if (epoch !== tx.state.group.epoch) return;
  const { aloneSinceMs, moved } = tx.state.repair;
  if (aloneSinceMs !== undefined) update(tx, "repair", { aloneSinceMs: undefined });
  if (moved.includes(position))
    update(tx, "repair", { moved: moved.filter((each) => each !== position), lostSinceMs: undefined });
}
