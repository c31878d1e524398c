import { leaveEpoch } from "../join/leave-epoch.js";
import { sendAgain } from "../messages/chat.js";
import type { Fork } from "../model/branches.js";
import { LIMITS } from "../model/limits.js";
import { appendBounded, entriesWhere } from "../model/persistent-collections.js";
import { removalTarget } from "../model/request.js";
import { emit, enterGroup, trace, type ActiveTransaction } from "../model/transaction.js";
import { departFrom } from "../repair/moved.js";
import { startReports } from "../repair/reports.js";
import { bufferPendingUpdate } from "../voting/pending-updates.js";
import { stateAtFork } from "./at-fork.js";

/**
 * Returns to the epoch of a fork, as a member that was away since: the commits merged there are taken back, and those of
 * the other branch are replayed like missed ones. Its own requests become wishes again, and its chat is sent again.
 */
export async function returnToFork(tx: ActiveTransaction, fork: Fork): Promise<void> {
  const { env } = tx;
  const { group, votes, branches, phase } = tx.state;
  const { outbox, isLeaving, dropped } = leaveEpoch(tx);
  sendAgain(tx);
  const kept = stateAtFork(tx, fork);
  const { epoch } = kept.group;
  const departed = await departFrom(
    tx,
    tx.state.repair.epochs.filter((each) => each.epoch > epoch),
  );
  const { nextRequestId } = votes;
  enterGroup(tx, {
    ...kept,
    outbox,
    chat: tx.state.chat,
    // Without this time, a silent member would be waited for without end.
    commit: { ...kept.commit, anchoredAtMs: kept.commit.anchoredAtMs ?? env.nowMs },
    votes: { ...kept.votes, nextRequestId },
    leave: { ...kept.leave, requested: kept.leave.requested || isLeaving },
    // The others are in the next epoch at least, and probably further on.
    repair: { ...kept.repair, departed, peerEpoch: epoch + 2n },
    branches: {
      forks: entriesWhere(branches.forks, (each) => each < epoch),
      left: appendBounded(branches.left, fork.merged, LIMITS.leftCommits),
      judgeAtMs: undefined,
    },
  });
  startReports(tx);
  trace(tx, { kind: "phase", from: phase, to: "selection", reason: "branch-lost" });
  emit(tx, { kind: "branchLost", from: group.epoch, at: epoch });
  const { members } = kept.group;
  const added = members.filter((member) => !group.members.includes(member));
  const removed = group.members.filter((member) => !members.includes(member));
  if (added.length + removed.length > 0) emit(tx, { kind: "membersChanged", members, added, removed });
  for (const { proposalId, request } of dropped)
    if (!kept.changes.approved.some((change) => change.proposalId === proposalId))
      if (removalTarget(request) !== env.self) bufferPendingUpdate(tx, request);
}
