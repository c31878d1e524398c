import { notePassed } from "../../stewards/epoch-results.js";
import type { StagedCommit } from "@demls/mls";
import type { MemberId } from "@demls/wire/core";
import type { HeldCandidate } from "../../model/commit.js";
import type { ChangeRequest } from "../../model/request.js";
import { isPendingRemoval, type ActiveTransaction } from "../../model/transaction.js";
import { openRequests } from "../../voting/open-votes.js";
import {
  actionKey,
  candidatesOf,
  isPublished,
  isWithdrawn,
  requestKey,
  votedActions,
} from "../candidates.js";
import { swappedKeyPackages } from "../swapped-key-package.js";
import { acceptsItsRecord, violationOf } from "./lawful.js";
import { turnOf } from "./turn.js";

/**
 * The steward whose turn a commit is, if it could commit and this member has no valid candidate of it. Members receive
 * different candidates, so each says so with its choice, and the record of the next commit tells the outcome:
 * `missedSteward`.
 */
export async function silentSteward(
  tx: ActiveTransaction,
  staged: StagedCommit,
): Promise<MemberId | undefined> {
  const steward = turnOf(tx, staged);
  if (steward === undefined || steward === staged.sender || isPendingRemoval(tx.state, steward))
    return undefined;
  if (!isDutyOf(tx, staged)) return undefined;
  for (const candidate of candidatesOf(tx, steward)) if (await isDutiful(tx, candidate)) return undefined;
  return steward;
}

/**
 * Whether a commit carries out a change that every steward has to carry out. A rejoin is none, because a steward may
 * leave it to a member that the returning one knows. An addition that was withdrawn is none, because stewards learn
 * that at different times.
 */
function isDutyOf(tx: ActiveTransaction, staged: StagedCommit): boolean {
  return votedActions(tx, staged).some((action) => !isWithdrawn(tx, action));
}

/**
 * Whether a candidate shows that its author has done its part, chosen or not. It may lack a change that was approved
 * during the freeze. It may have a change whose votes have not all arrived here, or an addition whose joiner has given
 * up or whose invitation was revoked: its author may learn that later.
 */
async function isDutiful(tx: ActiveTransaction, candidate: HeldCandidate): Promise<boolean> {
  const voted = votedActions(tx, candidate.staged);
  const wanted = voted.filter((action) => !isWithdrawn(tx, action));
  if (voted.length === 0 || !isPublished(tx, candidate) || violationOf(tx, candidate) !== undefined)
    return false;
  const approved = tx.state.changes.approved.map(({ request }) => request);
  const possible = new Set([...approved, ...openRequests(tx), ...additionsVotedIn(tx)].map(requestKey));
  if (!wanted.every((action) => possible.has(actionKey(action))) || !acceptsItsRecord(tx, candidate))
    return false;
  const isApproved = new Set(approved.map(requestKey));
  if (!voted.every((action) => isApproved.has(actionKey(action)))) return true;
  return (await swappedKeyPackages(tx, candidate.staged)).length === 0;
}

/** Additions that the votes have approved, also those that this member has dropped since. */
function additionsVotedIn({ state }: ActiveTransaction): readonly ChangeRequest[] {
  return [...state.votes.open.values()].flatMap(({ request, result }) =>
    request.kind === "add" && result === "yes" ? [request] : [],
  );
}

/** Remembers the steward that a commit passes over. */
export function notePassedSteward(tx: ActiveTransaction, staged: StagedCommit): void {
  const turn = turnOf(tx, staged);
  const isPassed = turn !== undefined && turn !== staged.sender && votedActions(tx, staged).length > 0;
  notePassed(tx, isPassed ? { steward: turn, epoch: staged.epoch } : undefined);
}
