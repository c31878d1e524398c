import type { StagedCommit } from "@demls/mls";
import { COMMIT_BATCH_MAX, commitHash } from "@demls/steward";
import type { CommitCandidate } from "@demls/wire";
import { bytesEqual, memberIdFromBytes, utf8ToBytes, type MemberId, type Packet } from "@demls/wire/core";
import { bufferEarlyPacket } from "./early-packets.js";
import { holdCandidate, isCommitted } from "./held-candidates.js";
import { ignored, rejected, taken, type InboundOutcome } from "./inbound-outcome.js";
import type { HeldCandidate } from "./state.js";
import { requireGroup, update, type Turn } from "./turn.js";

/**
 * Takes a steward's commit candidate, which travels in the clear.
 *
 * Nothing is believed of it before MLS has authenticated who sent the commit: nobody is scored and
 * no phase moves on forged bytes (weakness W5). What an authenticated sender did wrong is held with
 * its candidate and scored at the selection.
 */
export async function receiveCandidate(
  turn: Turn,
  candidate: CommitCandidate,
  packet: Packet,
): Promise<InboundOutcome> {
  const group = requireGroup(turn);
  const { mls } = turn.env.plugins;
  if (!bytesEqual(candidate.conversationName, utf8ToBytes(turn.state.name))) {
    return rejected("invalid-candidate", "other-conversation");
  }
  if (candidate.mlsProposals.length === 0) return rejected("invalid-candidate", "no-proposals");
  if (candidate.mlsProposals.length > COMMIT_BATCH_MAX) return rejected("candidate-too-large");
  const description = mls.describe(candidate.commitMessage);
  if (description.kind !== "commit") return rejected("invalid-candidate", "not-a-commit");
  if (description.groupId !== turn.state.name) return rejected("invalid-candidate", "other-group");
  const hash = commitHash(candidate.commitMessage);
  if (isCommitted(turn, hash)) return ignored("committed-candidate");
  if (description.epoch < group.epoch) return ignored("past-epoch");
  if (description.epoch > group.epoch)
    return bufferEarlyPacket(turn, packet, "future-epoch", description.epoch);
  if ([...turn.state.candidates.values()].some((held) => bytesEqual(held.commitHash, hash))) {
    return ignored("known-candidate");
  }

  const result = await mls.stage(group, candidate.mlsProposals, candidate.commitMessage);
  update(turn, { group: result.group });
  if (result.outcome.kind === "rejected") {
    return rejected("invalid-candidate", result.outcome.reason, result.outcome.sender);
  }
  const { staged } = result.outcome;
  const claimed = memberIdFromBytes(candidate.stewardIdentity);
  const held = judgeCandidate(turn, staged, claimed, hash, candidate.mlsProposals.length);
  const isNew = holdCandidate(turn, held);
  if (held.violation !== undefined) return rejected("unauthorized-candidate", held.violation, staged.sender);
  return isNew ? taken("candidate", staged.sender) : ignored("lesser-candidate");
}

/** What the sender may be held to now: who it is, and that all it bundled is its own. */
function judgeCandidate(
  turn: Turn,
  staged: StagedCommit,
  claimed: MemberId,
  hash: Uint8Array,
  proposalCount: number,
): HeldCandidate {
  const ownWork =
    claimed === staged.sender && staged.proposalSenders.every((sender) => sender === staged.sender);
  const violation = ownWork && mayCommit(turn, staged.sender) ? undefined : "broken-commit";
  return {
    steward: staged.sender,
    commitHash: hash,
    proposalCount,
    own: false,
    staged: violation === undefined ? staged : undefined,
    violation,
    welcome: undefined,
  };
}

/**
 * Whether a member may commit in this epoch: a listed steward; anyone while there is no list, the
 * list is exhausted, or the group is in recovery (`check_commit_sender_authorized` in de-mls 3.0.0).
 */
function mayCommit(turn: Turn, member: MemberId): boolean {
  const { env, state } = turn;
  const { stewards } = env.plugins;
  if (state.recovery || stewards.currentList(state.stewards) === undefined) return true;
  return (
    stewards.isExhausted(state.stewards, requireGroup(turn).epoch) ||
    stewards.isSteward(state.stewards, member)
  );
}
