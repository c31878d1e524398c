import type { ProposalConfig } from "./config.js";
import { shareOf } from "./outcome.js";

/** Settings that limit a session's rounds. */
export type RoundRules = Pick<ProposalConfig, "networkType" | "threshold" | "maxRounds">;

/** Round of a proposal without votes. */
export const FIRST_ROUND = 1;

/** The only other round in gossip networks. */
const VOTING_ROUND = 2;

const MAX_ROUND = 0xffff_ffff;

/** Round after adding votes (RFC hashgraph-like consensus, section 2.5.3). */
export function roundAfter(round: number, added: number, { networkType }: RoundRules): number {
  if (added === 0) return round;
  return networkType === "p2p" ? Math.min(round + added, MAX_ROUND) : VOTING_ROUND;
}

/**
 * Whether `added` more votes would exceed the last round.
 *
 * At most as many votes as voters may be added at once. In gossip networks, votes added one by one may exceed that
 * number. In p2p networks each round after the first is one vote.
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
