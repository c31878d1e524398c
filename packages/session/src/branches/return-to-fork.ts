import { companions } from "../join/companions.js";
import { leaveEpoch } from "../join/leave-epoch.js";
import { sendAgain } from "../messages/sent-chat.js";
import type { Fork } from "../model/branches.js";
import type { HeldCandidate } from "../model/commit.js";
import { membersChanged } from "../model/event.js";
import { LIMITS } from "../model/limits.js";
import { appendBounded, entriesWhere, withEntry } from "../model/persistent-collections.js";
import type { PendingUpdate } from "../model/changes.js";
import { proposalKind, removalTarget } from "../model/request.js";
import { emit, enterGroup, trace, type ActiveTransaction } from "../model/transaction.js";
import { bufferPendingUpdate, type PendingDetails } from "../voting/pending-updates.js";
import { stateAtFork } from "./at-fork.js";
import { departFrom } from "../lost-packets/index.js";

/**
 * Returns to the epoch of a fork, like a member that was away since. The commits since then are taken back, and those
 * of the other branch are replayed like missed ones. Changes that were open or approved since become buffered ones, and
 * this member's chat is sent again.
 */
export async function returnToFork(tx: ActiveTransaction, fork: Fork): Promise<void> {
  const { env } = tx;
  const { group, votes, branches, phase, changes, admission, keys } = tx.state;
  const { unconfirmed } = tx.state.repair;
  const { outbox, isLeaving, open, dropped } = leaveEpoch(tx);
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
    commit: {
      ...kept.commit,
      // Without this time, a silent member would be waited for without end.
      anchoredAtMs: kept.commit.anchoredAtMs ?? env.nowMs,
      candidates: withoutNext(kept.commit.candidates, fork.merged),
    },
    // The owners of key packages that the branch has spent have deleted their keys.
    admission: { ...kept.admission, spent: spentOn(kept.admission.spent, admission.spent) },
    votes: { ...kept.votes, nextRequestId },
    leave: { ...kept.leave, requested: kept.leave.requested || isLeaving },
    keys: { ...kept.keys, requestedAtMs: keys.requestedAtMs ?? kept.keys.requestedAtMs },
    // The others are in the next epoch at least, and probably further on.
    repair: { ...kept.repair, departed, peerEpoch: epoch + 2n, unconfirmed },
    branches: {
      forks: entriesWhere(branches.forks, (each) => each < epoch),
      left: appendBounded(branches.left, fork.merged, LIMITS.leftCommits),
      companions: companions(branches.companions, group.members, kept.group.members),
      judgeAtMs: undefined,
      lostSinceMs: undefined,
    },
  });
  trace(tx, { kind: "phase", from: phase, to: "selection", reason: "branch-lost" });
  emit(tx, { kind: "branchLost", from: group.epoch, at: epoch });
  const change = membersChanged(group.members, kept.group.members, kept.admission.arrivals);
  if (change.added.length + change.removed.length > 0) emit(tx, change);
  const approved = new Set(kept.changes.approved.map(({ proposalId }) => proposalId));
  const wishes: readonly (PendingDetails & Pick<PendingUpdate, "request">)[] = [
    ...dropped.filter(({ proposalId }) => !approved.has(proposalId)).map(({ request }) => ({ request })),
    ...open.filter((request) => proposalKind(request) === "membership").map((request) => ({ request })),
    ...changes.pending.values(),
  ];
  for (const { request, ...details } of wishes)
    if (removalTarget(request) !== env.self) bufferPendingUpdate(tx, request, details);
}

/** The candidates without the group of the one that is taken back, which must not be entered again. */
function withoutNext(
  candidates: ReadonlyMap<string, HeldCandidate>,
  hash: string,
): ReadonlyMap<string, HeldCandidate> {
  const candidate = candidates.get(hash);
  if (candidate === undefined) return candidates;
  return withEntry(candidates, hash, { ...candidate, staged: { ...candidate.staged, next: undefined } });
}

function spentOn(kept: readonly string[], left: readonly string[]): readonly string[] {
  return [...new Set([...kept, ...left])].slice(-LIMITS.spentKeyPackages);
}
