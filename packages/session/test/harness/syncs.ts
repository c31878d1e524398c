import type { ConversationSync } from "@demls/wire";
import { memberIdToBytes, type MemberId } from "@demls/wire/core";
import type { InboundOutcome } from "../../src/trace/index.js";
import { sealed } from "./commands.js";
import { join } from "./members.js";
import { receive, runFor, runUntil, type Member, type World } from "./world.js";

/** A joiner that receives no ConversationSync except from the test. */
export async function joinUnsynced(world: World, name: string): Promise<Member> {
  const joiner = await join(world, name);
  world.arrives = ({ to, packet }) => to !== joiner || packet.subtopic === "welcome";
  await runUntil(world, () => joiner.state.phase === "working");
  world.members.splice(world.members.indexOf(joiner), 1);
  await runFor(world, 30_000);
  world.members.push(joiner);
  world.arrives = () => true;
  return joiner;
}

/** The ConversationSync of an honest member, changed by `twist`. */
export function syncOf({ plugins, state }: Member, twist: Partial<ConversationSync> = {}): ConversationSync {
  const list = plugins.stewards.currentList(state.stewards.list);
  return {
    stewardMembers: (list?.members ?? []).map(memberIdToBytes),
    electionEpoch: list?.electionEpoch ?? 0n,
    ...plugins.stewards.config(state.stewards.list),
    peerScores: [],
    timing: {
      commitInactivityDurationMs: 41_000n,
      freezeDurationMs: 7_000n,
      proposalExpirationMs: 90_000n,
      consensusTimeoutMs: 12_000n,
      recoveryInactivityDurationMs: 3_000n,
    },
    retryRound: list?.retryRound ?? 0,
    maxReelectionAttempts: 1,
    livenessCriteriaYes: true,
    thresholdPeerScore: 0n,
    pendingUpdateMaxEpochs: 3,
    ...(list?.seed && { stewardSeed: list.seed }),
    ...twist,
  };
}

/** Changes a ConversationSync to contain these stewards. */
export function listing(...ids: readonly MemberId[]): Partial<ConversationSync> {
  return { stewardMembers: ids.map(memberIdToBytes) };
}

/** Delivers a ConversationSync of `from` to one member. */
export async function receiveSync(
  world: World,
  to: Member,
  from: Member,
  sync: ConversationSync,
): Promise<InboundOutcome> {
  return receive(world, to, await sealed(from, { kind: "conversation_sync", sync }));
}
