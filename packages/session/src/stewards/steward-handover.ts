import { eligibleStewards, type ActiveTransaction } from "../model/transaction.js";
import { hasOwnElection, proposeElection } from "./elections.js";

/**
 * Whether this member, which wants to leave, has to hand over first: it is the only steward that can commit, and
 * another member could be one. In 3.0.0 such a member can never leave: once its removal is approved it may neither
 * commit nor propose stewards, and only stewards may (weakness W12). Where the group has rejected every election it
 * may hold, another one is of no use.
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

/** Proposes an election among the other members, unless an own election is open. */
export async function handOverStewardship(tx: ActiveTransaction): Promise<void> {
  if (hasOwnElection(tx)) return;
  await proposeElection(tx, { recovery: true, exclude: tx.env.self, handsOver: true });
}
