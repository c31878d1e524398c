import { computeListSize } from "@demls/steward";
import type { MemberId } from "@demls/wire/core";
import type { ElectionRequest } from "../model/request.js";
import { isPendingRemoval, type ActiveTransaction } from "../model/transaction.js";
import { membersIn } from "./past-epoch-votes.js";

/** Whether an election is for this epoch and {@link isDerivable}. */
export function isDeterministicElection(
  tx: ActiveTransaction,
  election: ElectionRequest,
  proposer: MemberId,
): boolean {
  return election.electionEpoch === tx.state.group.epoch && isDerivable(tx, election, proposer);
}

/**
 * Whether a member could derive an election: in its epoch, a retry round within the bound, in the order of the
 * members' hashes (W7). It may leave out members whose removal is approved, since its proposer may have approved those
 * before this member does (W45), and its proposer, since a steward that wants to leave hands over (W12).
 *
 * Its epoch may be the one before, where a commit overtook it: members that merged before it arrived must judge it as
 * the others do (W44). A joiner that does not know the group's settings yet can derive none.
 */
export function isDerivable(tx: ActiveTransaction, election: ElectionRequest, proposer: MemberId): boolean {
  const { env, state } = tx;
  const { stewards } = env.plugins;
  const { members: present, epoch } = state.group;
  const { electionEpoch, retryRound, stewards: proposed } = election;
  if (!state.sync.synced || (electionEpoch !== epoch && electionEpoch !== epoch - 1n)) return false;
  const members = membersIn(tx, electionEpoch);
  const { list } = state.stewards;
  // After an accepted Deadlock the round is past the bound at every member (weakness W46).
  const lastRound = Math.max(stewards.maxRetries(list), stewards.retryRound(list));
  const config = stewards.config(list);
  // Checked before any comparison: a list may name as many as a packet holds.
  if (retryRound > lastRound || proposed.length > computeListSize(config, members.length)) return false;
  const mayBeLeftOut = (member: MemberId): boolean =>
    member === proposer || isPendingRemoval(state, member) || !present.includes(member);
  const pool = members.filter((member) => proposed.includes(member) || !mayBeLeftOut(member));
  return (
    proposed.length >= computeListSize(config, pool.length) &&
    stewards.validateProposed(list, proposed, electionEpoch, pool, retryRound)
  );
}
