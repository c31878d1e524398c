import { repairEpochOf } from "../model/repair.js";
import { equivocationRequest } from "../model/request.js";
import type { HeldBackReason } from "../model/traced-decision.js";
import { eligibleStewards, trace, type ActiveTransaction } from "../model/transaction.js";
import type { Equivocation } from "../model/evidence.js";
import { proposeAutomatically } from "../voting/automatic-proposal.js";
import { isAgainstEquivocator } from "../voting/equivocators.js";
import { openProposal, proposalBlock } from "../voting/propose.js";
import { hasFreeSlot } from "../voting/session-slots.js";

/**
 * Accuses each member that has chosen twice in an earlier epoch, once for each epoch. Only the epoch steward does so, because two
 * accepted accusations would cost twice. By the next epoch the others have both choices.
 */
export async function accuseEquivocators(tx: ActiveTransaction): Promise<void> {
  const { self } = tx.env;
  for (const equivocation of tx.state.evidence.equivocations) {
    const { member: target, epoch } = equivocation;
    const request = equivocationRequest(self, target, epoch);
    if (target === self || !isAgainstEquivocator(tx, request)) continue;
    const reason = obstacleTo(tx, equivocation);
    if (reason !== undefined) trace(tx, { kind: "heldBack", operation: "accusation", target, reason });
    else await proposeAutomatically(tx, "accusation", () => openProposal(tx, request, "yes"));
  }
}

function obstacleTo(tx: ActiveTransaction, { member, epoch }: Equivocation): HeldBackReason | undefined {
  const { group, stewards, repair } = tx.state;
  if (!group.members.includes(member)) return "not-a-member";
  const isEligible = eligibleStewards(tx);
  const steward = tx.env.plugins.stewards.epochSteward(
    stewards.list,
    group.epoch,
    (each) => each !== member && isEligible(each),
  );
  if (steward !== tx.env.self) return "not-this-members-turn";
  // The others would reject it, and its creator would pay.
  const witnesses = repairEpochOf(repair, epoch)?.roster ?? [];
  const present = witnesses.filter((each) => group.members.includes(each.member));
  if (2 * present.length <= group.members.length + 1) return "few-witnesses";
  return proposalBlock(tx, "emergency") ?? (hasFreeSlot(tx) ? undefined : "no-room");
}
