import type { ProposalConfig } from "./config.js";
import { shareOf } from "./outcome.js";

/** What the rounds of a session are judged by. */
export type RoundRules = Pick<ProposalConfig, "networkType" | "threshold" | "maxRounds">;

/** The round of a proposal without votes. */
export const FIRST_ROUND = 1;

/** The only other round of gossip networks. */
const VOTING_ROUND = 2;

const MAX_ROUND = 0xffff_ffff;

/** The round after votes were added (RFC hashgraph-like consensus, section 2.5.3). */
export function roundAfter(round: number, added: number, { networkType }: RoundRules): number {
  if (added === 0) return round;
  return networkType === "p2p" ? Math.min(round + added, MAX_ROUND) : VOTING_ROUND;
}

/**
 * Whether so many votes more would lead beyond the last round.
 *
 * No more votes than there are voters may come at once, whatever the network; one by one they may come to exceed that
 * in gossip networks. In p2p networks the rounds but the first are the votes.
 */
export function exceedsRounds(
  round: number,
  added: number,
  expectedVoters: number,
  rules: RoundRules,
): boolean {
  if (added > expectedVoters) return true;
  const next = roundAfter(round, added, rules);
  if (rules.networkType === "gossipsub") return next > rules.maxRounds;
  return next - FIRST_ROUND > (rules.maxRounds || shareOf(expectedVoters, rules.threshold));
}
