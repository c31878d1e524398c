import { hasOwnElection, proposeElection } from "./elections.js";
import { eligibleStewards, requireGroup, type Transaction } from "../model/transaction.js";

/**
 * Whether this member, which wants to leave, first has to hand over: it is the only steward that can commit, and
 * somebody else could be one. In 3.0.0 such a member can never leave: once its removal is approved it may neither
 * commit nor propose stewards, and only stewards may (weakness W12). Where the group has refused as many elections
 * as it may there is no use in another.
 */
export function needsHandover(tx: Transaction): boolean {
  const { env, state } = tx;
  const { stewards } = env.plugins;
  const isEligible = eligibleStewards(tx);
  const able = stewards.stewardMembers(state.stewards, isEligible);
  if (!able.includes(env.self) || able.length > 1) return false;
  if (stewards.retryRound(state.stewards) > stewards.maxRetries(state.stewards)) return false;
  return requireGroup(tx).members.some((member) => member !== env.self && isEligible(member));
}

/** Has the others elect a steward among themselves, unless an election of this member's is open already. */
export async function handOverStewardship(tx: Transaction): Promise<void> {
  if (hasOwnElection(tx)) return;
  await proposeElection(tx, { recovery: true, exclude: tx.env.self, handsOver: true });
}
