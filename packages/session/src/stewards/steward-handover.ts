import { eligibleStewards, type ActiveTransaction } from "../model/transaction.js";
import { hasOwnElection, proposeElection } from "./elections.js";

/**
 * Whether this member must hand over its stewardship before leaving: it is the only steward that can commit, and
 * another member could be elected. In 3.0.0 such a member can never leave: once its removal is approved it may neither
 * commit nor propose stewards, and no other member may either (weakness W12). If the group has rejected all allowed
 * elections, another one is useless.
 */
export function needsHandover(tx: ActiveTransaction): boolean {
  const { env, state } = tx;
  const { stewards } = env.plugins;
  const { list } = state.stewards;
  const isEligible = eligibleStewards(tx);
  const able = stewards.stewardMembers(list, isEligible);
  if (!able.includes(env.self) || able.length > 1) return false;
  if (stewards.retryRound(list) > stewards.maxRetries(list)) return false;
  return state.group.members.some((member) => member !== env.self && isEligible(member));
}

/** Proposes an election without this member, unless an election of this member is open. */
export async function handOverStewardship(tx: ActiveTransaction): Promise<void> {
  if (hasOwnElection(tx)) return;
  await proposeElection(tx, { recovery: true, exclude: tx.env.self, handsOver: true });
}
