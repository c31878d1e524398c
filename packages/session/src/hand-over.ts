import { hasOwnElection, proposeElection } from "./elections.js";
import { eligibleStewards, requireGroup, type Turn } from "./turn.js";

/**
 * Whether this member, which wants to leave, first has to hand over: it is the only steward that can commit, and
 * somebody else could be one. In 3.0.0 such a member can never leave: once its removal is approved it may neither
 * commit nor propose stewards, and only stewards may (weakness W12). Where the group has refused as many elections
 * as it may there is no use in another.
 */
export function mustHandOver(turn: Turn): boolean {
  const { env, state } = turn;
  const { stewards } = env.plugins;
  const isEligible = eligibleStewards(turn);
  const able = stewards.stewardMembers(state.stewards, isEligible);
  if (!able.includes(env.self) || able.length > 1) return false;
  if (stewards.retryRound(state.stewards) > stewards.maxRetries(state.stewards)) return false;
  return requireGroup(turn).members.some((member) => member !== env.self && isEligible(member));
}

/** Has the others elect a steward among themselves, unless an election of this member's is open already. */
export async function handOver(turn: Turn): Promise<void> {
  if (hasOwnElection(turn)) return;
  await proposeElection(turn, { recovery: true, exclude: turn.env.self, handsOver: true });
}
