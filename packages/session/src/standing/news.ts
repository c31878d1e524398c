import { NO_FACTS, type FactOf, type Facts } from "../model/fact.js";
import { repairEpochOf } from "../model/repair.js";
import { update, type ActiveTransaction } from "../model/transaction.js";
import { noteAnswer } from "./catch-up.js";

/** Notes what the packet of another member tells about this member's standing in the current epoch. */
export function noteNews(
  tx: ActiveTransaction,
  news: FactOf<"memberHeard" | "branchMoved" | "requestAnswered">,
): Facts {
  if (news.epoch !== tx.state.group.epoch) return NO_FACTS;
  switch (news.kind) {
    case "memberHeard":
      noteThere(tx, news.position);
      return NO_FACTS;
    case "branchMoved":
      return noteMoved(tx, news.position);
    case "requestAnswered":
      return noteAnswer(tx, news);
  }
}

/** Notes that all members whose packets arrive are in other epochs. */
export function noteAlone(tx: ActiveTransaction): void {
  const { aloneSinceMs = tx.env.nowMs } = tx.state.repair;
  update(tx, "repair", { aloneSinceMs });
}

/** Notes that a member of the current epoch is there, whatever it has said before. */
function noteThere(tx: ActiveTransaction, position: number): void {
  const { aloneSinceMs, moved } = tx.state.repair;
  if (aloneSinceMs !== undefined) update(tx, "repair", { aloneSinceMs: undefined });
  if (moved.includes(position))
    update(tx, "repair", { moved: moved.filter((each) => each !== position), lostSinceMs: undefined });
}

/**
 * Notes that a member has left the branch of the current epoch. The branch is lost once more than half of its members
 * have left it. For a member that has entered no epoch with a majority, it is lost once the member that admitted it has
 * left.
 */
function noteMoved(tx: ActiveTransaction, position: number): Facts {
  const { repair, rejoin, sync, group } = tx.state;
  const roster = repairEpochOf(repair, group.epoch)?.roster ?? [];
  if (repair.moved.includes(position)) return NO_FACTS;
  const moved = [...repair.moved, position];
  update(tx, "repair", { moved });
  const isAdmitter = roster[position]?.member === sync.admittedBy && rejoin.certifiedEpoch === undefined;
  if (repair.lostSinceMs !== undefined || (!isAdmitter && 2 * moved.length <= roster.length)) return NO_FACTS;
  update(tx, "repair", { lostSinceMs: tx.env.nowMs });
  return [{ kind: "branchLost" }];
}
