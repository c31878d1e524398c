import { recordsEpochs } from "../model/abilities.js";
import { bytesEqual, memberIdToBytes } from "@demls/wire/core";
import { sealAndEnqueue } from "../messages/send.js";
import { proposalKind } from "../model/request.js";
import type { ActiveTransaction } from "../model/transaction.js";
import { isVouchedFor } from "./admission.js";
import { openVotes, ownOpenVotes } from "./open-votes.js";
import { bufferPendingUpdate } from "./pending-updates.js";
import { abandonProposal } from "./propose.js";

/**
 * Renews the proposals and votes of a member that has caught up. The others have deleted the keys of the epochs before
 * the last, and cannot decrypt its packets of those epochs. Its proposals that the last commit does not name are
 * proposed again, and its votes on open proposals are sent again.
 *
 * @param from - epoch in which it was left behind.
 */
export async function renewOwnWork(tx: ActiveTransaction, from: bigint): Promise<void> {
  // Packets of the epoch before the current one are still requested and resent.
  if (!recordsEpochs(tx) || from + 1n >= tx.state.group.epoch) return;
  renewProposals(tx);
  await resendVotes(tx);
}

function renewProposals(tx: ActiveTransaction): void {
  const isLost = (proposalId: number): boolean => !tx.state.record.known.includes(proposalId);
  const open = ownOpenVotes(tx).filter(
    ({ proposalId, request, signature }) =>
      // An unsigned one has not been sent yet.
      isLost(proposalId) && proposalKind(request) === "membership" && signature === undefined,
  );
  const wishes = open.map((vote) => ({
    request: vote.request,
    vouchedBy: isVouchedFor(tx, vote) ? vote.proposer : undefined,
  }));
  for (const { proposalId } of open) abandonProposal(tx, proposalId, "epoch-ended");
  for (const { request, vouchedBy } of wishes) bufferPendingUpdate(tx, request, { vouchedBy });
}

async function resendVotes(tx: ActiveTransaction): Promise<void> {
  const { env } = tx;
  const self = memberIdToBytes(env.self);
  for (const { proposalId, own } of openVotes(tx)) {
    if (own) continue;
    const cast = env.plugins.consensus.tally(tx.state.votes.sessions, proposalId)?.votes;
    const vote = cast?.find(({ voteOwner }) => bytesEqual(voteOwner, self));
    if (vote !== undefined) await sealAndEnqueue(tx, { kind: "vote", vote });
  }
}
