import { recordsEpochs } from "../model/abilities.js";
import { computeListSize } from "@demls/steward";
import type { MemberId } from "@demls/wire/core";
import type { ElectionRequest } from "../model/request.js";
import { isPendingRemoval, type ActiveTransaction } from "../model/transaction.js";
import { seeded } from "../model/steward-seed.js";
import { membersIn } from "./past-epoch-votes.js";
import { hasMissedEpoch } from "../presence/index.js";

/** Whether an election is for this epoch and derivable: see {@link isDerivable}. */
export function isDeterministicElection(
  tx: ActiveTransaction,
  election: ElectionRequest,
  proposer: MemberId,
): boolean {
  return election.electionEpoch === tx.state.group.epoch && isDerivable(tx, election, proposer);
}

/**
 * Whether a member can derive an election: it has this epoch, a retry round within the bound, and the order of the
 * members' hashes (W7). It may omit or include a member with an approved removal, because members approve it at
 * different times (W45). It may omit its proposer, because a leaving steward hands over (W12). It may omit a member
 * without a choice in the last epoch: the other members may know that it is absent.
 *
 * Without records of epochs, the epoch may also be the previous one, if a commit overtook the election: members that
 * merged earlier must decide like the others (W44). A joiner without a ConversationSync can derive no election.
 */
export function isDerivable(tx: ActiveTransaction, election: ElectionRequest, proposer: MemberId): boolean {
  const { env, state } = tx;
  const { stewards } = env.plugins;
  const { members: present, epoch } = state.group;
  const { electionEpoch, retryRound, stewards: proposed } = election;
  const first = recordsEpochs(tx) ? epoch : epoch - 1n;
  if (!state.sync.synced || electionEpoch < first || electionEpoch > epoch) return false;
  const members = membersIn(tx, electionEpoch);
  const { list } = state.stewards;
  // After an accepted Deadlock every member's round exceeds the bound (weakness W46).
  const lastRound = Math.max(stewards.maxRetries(list), stewards.retryRound(list));
  const config = stewards.config(list);
  // Bounds the cost of the comparison: the list length is limited only by the packet size.
  if (retryRound > lastRound || proposed.length > computeListSize(config, members.length)) return false;
  const mayBeLeftOut = (member: MemberId): boolean =>
    member === proposer ||
    isPendingRemoval(state, member) ||
    !present.includes(member) ||
    hasMissedEpoch(tx, member);
  const pool = members.filter((member) => proposed.includes(member) || !mayBeLeftOut(member));
  return (
    proposed.length >= computeListSize(config, pool.length) &&
    stewards.validateProposed(seeded(tx), proposed, electionEpoch, pool, retryRound)
  );
}
