import type { MlsGroup } from "@demls/mls";
import type { AppMessage } from "@demls/wire";
import type { MemberId } from "@demls/wire/core";
import { LIMITS } from "./limits.js";
import { policyOf, requireGroup, update, type Turn } from "./turn.js";

/**
 * Whether a message that was sealed in the epoch before is still taken, though it is no chat: a proposal or a vote
 * that a commit overtook on its way. Who merged before it came would otherwise count without it what all others
 * count with it (weakness W44).
 */
export function outlivesItsEpoch(turn: Turn, { kind }: AppMessage): boolean {
  if (!policyOf(turn).countsOvertakenVotes || (kind !== "proposal" && kind !== "vote")) return false;
  return turn.env.nowMs - turn.state.epochEnteredMs <= LIMITS.pastEpochChatMs;
}

/** Notes, when an epoch ends, who voted in it. */
export function rememberVoters(turn: Turn, { members }: MlsGroup): void {
  if (policyOf(turn).countsOvertakenVotes) update(turn, { formerMembers: members });
}

/** Who votes on what was proposed in `epoch`: its members. */
export function membersIn(turn: Turn, epoch: bigint): readonly MemberId[] {
  const { epoch: current, members } = requireGroup(turn);
  return epoch === current ? members : turn.state.formerMembers;
}

/** Whether a vote of this sender may count on some proposal; on which ones, their electorates say. */
export function mayVote(turn: Turn, sender: MemberId): boolean {
  return requireGroup(turn).members.includes(sender) || turn.state.formerMembers.includes(sender);
}
