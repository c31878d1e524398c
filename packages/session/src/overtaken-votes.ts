import type { MlsGroup } from "@demls/mls";
import type { AppMessage } from "@demls/wire";
import type { MemberId } from "@demls/wire/core";
import { withMember } from "./persistent-collections.js";
import { LIMITS } from "./state.js";
import { policyOf, requireGroup, update, type Turn } from "./turn.js";

/** What the votes of a past epoch are judged by: a commit may overtake them on their way. */
export interface FormerEpoch {
  /** Who was in the group. */
  readonly members: readonly MemberId[];
  /** What was being voted on when it ended, and what has arrived from it since. */
  readonly proposals: ReadonlySet<number>;
}

/**
 * Whether a message that was sealed in the epoch before is still taken, though it is no chat: a proposal or a vote
 * that a commit overtook on its way. Who merged before it came would otherwise count without it what all others
 * count with it (weakness W44).
 */
export function outlivesItsEpoch({ env, state }: Turn, { kind }: AppMessage): boolean {
  if (state.formerEpoch === undefined || (kind !== "proposal" && kind !== "vote")) return false;
  return env.nowMs - state.epochEnteredMs <= LIMITS.pastEpochChatMs;
}

/** Notes what was being voted on when an epoch ends, and who votes on it. */
export function rememberVotes(turn: Turn, { members }: MlsGroup): void {
  if (!policyOf(turn).countsOvertakenVotes) return;
  const { consensus } = turn.env.plugins;
  const open = consensus.proposals(turn.state.consensus).filter(({ state }) => state === "active");
  const proposals = new Set(open.map(({ proposal }) => proposal.proposalId));
  update(turn, { formerEpoch: { members, proposals } });
}

/** Adds a proposal of the epoch before to those that its members vote on. */
export function noteOvertaken(turn: Turn, proposalId: number): void {
  const { formerEpoch } = turn.state;
  if (formerEpoch === undefined) return;
  update(turn, {
    formerEpoch: { ...formerEpoch, proposals: withMember(formerEpoch.proposals, proposalId) },
  });
}

/** Who votes on what was proposed in `epoch`: its members. */
export function membersIn(turn: Turn, epoch: bigint): readonly MemberId[] {
  const { epoch: current, members } = requireGroup(turn);
  return epoch === current ? members : (turn.state.formerEpoch?.members ?? []);
}

/** Whether a member's vote may count: who has left has no say in what came up afterwards. */
export function mayVote(turn: Turn, member: MemberId, proposalId: number): boolean {
  if (requireGroup(turn).members.includes(member)) return true;
  const { formerEpoch } = turn.state;
  return (
    formerEpoch !== undefined && formerEpoch.members.includes(member) && formerEpoch.proposals.has(proposalId)
  );
}
