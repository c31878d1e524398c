import { createHashgraphConsensus, ethereumVerifier } from "@demls/consensus";
import { createPeerScoring, defaultScoreDeltas, defaultScoringConfig } from "@demls/scoring";
import { createDeterministicStewardList, stewardListConfig } from "@demls/steward";
import { hexToBytes, memberIdFromBytes, type MemberId } from "@demls/wire/core";
import { admitAll, conversationConfig } from "../../src/index.js";
import { type ConversationPlugins, createdConversation } from "../../src/step/index.js";
import { removeRequest } from "../../src/model/request.js";
import {
  altered,
  candidatePacket,
  createWorld,
  enter,
  GARDEN,
  receive,
  take,
  type Member,
  type TestState,
  type World,
} from "../harness/index.js";
import { extra, scriptedGroup, scriptedMls, scriptedProposal, type ScriptedCommit } from "./scripted-mls.js";

/** A selection of vectors/06_candidates.json. */
export interface RecordedSelection {
  readonly name: string;
  readonly allow_subset: boolean;
  readonly voted_count: number;
  readonly epoch: number;
  readonly epoch_steward: string;
  readonly recovery: boolean;
  readonly self: string;
  readonly steward_list: readonly string[];
  /** Candidate that can be staged; undefined if all fail. */
  readonly accept: string | null;
  readonly candidates: readonly {
    readonly commit: string;
    readonly commit_hash: string;
    readonly local: boolean;
    readonly proposals: number;
    readonly steward: string;
  }[];
  readonly staged_in_order: readonly string[];
  readonly mls_calls: readonly string[];
  readonly score_ops: readonly { readonly event: string; readonly member: string }[];
  readonly outcome: string;
}

/** Defect of a commit that fails in the recording. */
export type Fault =
  /** Its sender is authenticated, and it differs from the approved changes. */
  | "does other work"
  /** It cannot be staged, so its sender is unknown. */
  | "cannot be staged";

/** A member after a recorded selection, and the commits that it merged. */
export interface Selected {
  readonly member: Member;
  readonly adopted: readonly string[];
}

function recordedBytes(hex: string): Uint8Array {
  const bytes = hexToBytes(hex);
  if (bytes === undefined) throw new Error(`The vectors hold no hex: ${hex}`);
  return bytes;
}

export function recordedId(hex: string): MemberId {
  return memberIdFromBytes(recordedBytes(hex));
}

/** Runs a recorded selection through steps: the freeze, each candidate as a packet, the end of the freeze. */
export async function select(recorded: RecordedSelection, fault: Fault): Promise<Selected> {
  const world = createWorld();
  const { member, adopted } = await prepare(world, recorded, fault);
  await take(world, member, { kind: "tick" });
  for (const { commit, local, proposals, steward } of recorded.candidates) {
    if (local) continue;
    const sender = { ...member, id: recordedId(steward), appId: new Uint8Array(16) };
    const packet = candidatePacket(sender, {
      proposals: Array.from({ length: proposals }, (_, i) => scriptedProposal(i)),
      commit: recordedBytes(commit),
    });
    await receive(world, member, packet);
  }
  world.nowMs += member.state.config.freezeMs;
  await take(world, member, { kind: "tick" });
  return { member, adopted };
}

async function prepare(world: World, recorded: RecordedSelection, fault: Fault): Promise<Selected> {
  const self = recordedId(recorded.self);
  const stewardIds = recorded.steward_list.map(recordedId);
  const authors = recorded.candidates.map(({ steward }) => recordedId(steward));
  const targets = Array.from({ length: recorded.voted_count }, (_, i) => extra(i));
  const members = [...new Set([...stewardIds, ...authors, self, ...targets, extra(9)])];
  const commits = scriptOf(recorded, fault, targets);
  const group = scriptedGroup(self, members, BigInt(recorded.epoch));
  const own = commits.find((_, i) => recorded.candidates[i]?.local === true);
  const { service, adopted } = scriptedMls(group, commits, own);

  const config = conversationConfig({ quietAfterCommitMs: 0 });
  const stewards = {
    ...createDeterministicStewardList(),
    epochSteward: () => recordedId(recorded.epoch_steward),
  } as ConversationPlugins["stewards"];
  const scoring = createPeerScoring() as ConversationPlugins["scoring"];
  const consensus = createHashgraphConsensus() as ConversationPlugins["consensus"];
  const bounds = stewardListConfig({
    snMin: stewardIds.length,
    snMax: stewardIds.length,
    allowSubsetCandidates: recorded.allow_subset,
  });
  const list = stewards.installList(
    stewards.create(GARDEN, bounds, config.maxReelectionAttempts),
    group.epoch,
    stewardIds,
    stewardIds.length,
    0,
  );
  const scores = members.reduce<unknown>(
    (state, id) => scoring.addMember(state, id),
    scoring.create(defaultScoringConfig, defaultScoreDeltas),
  );
  const approved = targets.map((target, i) => ({
    proposalId: i + 1,
    request: removeRequest(target),
    proposer: extra(9),
  }));
  const isIdle = approved.length === 0;
  const created = createdConversation(
    { name: GARDEN, config, stewards: list.state, scores },
    { mode: "de-mls-3", group, sessions: consensus.empty() },
  ) as TestState;
  const state = altered(
    altered(altered(created, "changes", { approved }), "stewards", { recovery: recorded.recovery }),
    "commit",
    { anchoredAtMs: isIdle ? world.nowMs : world.nowMs - config.commitInactivityMs },
  );
  const member = Object.assign(await enter(world, "selector"), {
    id: self,
    mls: service,
    plugins: { mls: service, consensus, stewards, scoring, verifier: ethereumVerifier, admission: admitAll },
    // Without approved changes no freeze starts, but the recording selects anyway.
    state: { ...state, phase: isIdle ? "freezing" : "working" } as TestState,
  } satisfies Partial<Member>);
  return { member, adopted };
}

/** The recording stops at the winner. Lower candidates were not checked, and count as valid here. */
function scriptOf(
  { candidates, accept, staged_in_order }: RecordedSelection,
  fault: Fault,
  targets: readonly MemberId[],
): readonly ScriptedCommit[] {
  return candidates.map(({ commit, local, proposals, steward }) => {
    const isGood = local || commit === accept || !staged_in_order.includes(commit);
    const isStaged = isGood || fault === "does other work";
    const done = isGood ? targets : targets.map(() => extra(9));
    return {
      commit: recordedBytes(commit),
      sender: recordedId(steward),
      proposals,
      actions: done.map((member) => ({ kind: "remove", member })),
      stages: isStaged,
    };
  });
}
