import type { ConversationSync, TimingConfig } from "@demls/wire";
import { memberIdToBytes, type Packet } from "@demls/wire/core";
import { beforeEach, describe, expect, test } from "vitest";
import {
  advance,
  alter,
  announce,
  command,
  create,
  createWorld,
  deliver,
  encodeStateButGroup,
  enter,
  eventsOf,
  fork,
  gather,
  isSynced,
  join,
  type Member,
  receive,
  scoreOf,
  sealed,
  sendUnchecked,
  settle,
  stewardsOf,
  until,
  type World,
} from "../harness/index.js";

const TIMING: TimingConfig = {
  commitInactivityDurationMs: 41_000n,
  freezeDurationMs: 7_000n,
  proposalExpirationMs: 90_000n,
  consensusTimeoutMs: 12_000n,
  recoveryInactivityDurationMs: 3_000n,
};

const settled = await gather(["alice", "bob", "carol"], { fakes: true, stewards: { snMin: 1, snMax: 3 } });

let world: World;
let alice: Member;
let joiner: Member;

/** A world of three, and a joiner whose ConversationSync is lost. */
beforeEach(async () => {
  ({ world } = await fork(settled.world));
  alice = world.members[0] as Member;
  joiner = await enter(world, "joiner");
  await announce(world, joiner);
  world.arrives = ({ to, packet }) => to !== joiner || packet.subtopic === "welcome";
  await until(world, () => joiner.state.phase === "working");
  world.arrives = () => true;
  // No elections here, so that the joiner's list comes only from the tests' syncs.
  world.members.splice(world.members.indexOf(joiner), 1);
  await advance(world, 30_000);
  world.members.push(joiner);
});

/** The ConversationSync of a listed steward, changed by `twist`. */
function sync(twist: Partial<ConversationSync> = {}): ConversationSync {
  const list = alice.plugins.stewards.currentList(alice.state.stewards.list);
  return {
    stewardMembers: (list?.members ?? []).map(memberIdToBytes),
    electionEpoch: list?.electionEpoch ?? 0n,
    snMin: 1,
    snMax: 3,
    allowSubsetCandidates: false,
    peerScores: [{ memberId: memberIdToBytes(alice.id), score: 77n }],
    timing: TIMING,
    retryRound: list?.retryRound ?? 0,
    maxReelectionAttempts: 4,
    livenessCriteriaYes: false,
    thresholdPeerScore: -5n,
    pendingUpdateMaxEpochs: 6,
    ...twist,
  };
}

async function packetWith(twist: Partial<ConversationSync> = {}): Promise<Packet> {
  return sealed(alice, { kind: "conversation_sync", sync: sync(twist) });
}

describe("a ConversationSync", () => {
  test("sets a joiner's list, bounds, timing, scores and threshold, and keeps its voting delays", async () => {
    expect(await receive(world, joiner, await packetWith())).toEqual({
      kind: "accepted",
      what: "sync",
      sender: alice.id,
    });
    expect(isSynced(joiner)).toBe(true);
    expect(joiner.state.config).toEqual({
      commitInactivityMs: 41_000,
      ...{ batchMs: 60_000, standInMs: 2_000, deliberationMs: 2_147_483_647 },
      freezeMs: 7_000,
      recoveryInactivityMs: 3_000,
      proposalExpirationMs: 90_000,
      consensusTimeoutMs: 12_000,
      votingDelayMs: 10_000,
      electionVotingDelayMs: 5_000,
      quietAfterCommitMs: 0,
      keyRenewalMs: 604_800_000,
      archive: false,
      banMemoryMs: 2_592_000_000,
      probationMs: 0,
      guestShare: 3,
      pendingUpdateMaxEpochs: 6,
      maxReelectionAttempts: 4,
      livenessCriteriaYes: false,
    });
    expect(stewardsOf(joiner)).toEqual(stewardsOf(alice));
    const { stewards, scoring } = joiner.plugins;
    expect(stewards.config(joiner.state.stewards.list)).toMatchObject({ snMin: 1, snMax: 3 });
    expect(stewards.maxRetries(joiner.state.stewards.list)).toBe(4);
    expect(scoring.threshold(joiner.state.scores.values)).toBe(-5n);
    expect(scoreOf(joiner, alice)).toBe(77n);
    expect(eventsOf(joiner, "scoreChanged")).toEqual([
      { kind: "scoreChanged", member: alice.id, score: 77n, cause: undefined },
    ]);
  });

  test("is applied once; another one changes nothing", async () => {
    await receive(world, joiner, await packetWith());
    const second = await packetWith({ snMax: 9, thresholdPeerScore: 3n });
    const before = encodeStateButGroup(joiner.state, joiner.mls);
    expect(await receive(world, joiner, second)).toEqual({ kind: "ignored", reason: "sync-not-needed" });
    expect(encodeStateButGroup(joiner.state, joiner.mls)).toBe(before);
  });

  test("is not needed by a founder", async () => {
    const [, bob] = world.members as [Member, Member];
    const packet = await sealed(bob, { kind: "conversation_sync", sync: sync() });
    expect(await receive(world, alice, packet)).toEqual({ kind: "ignored", reason: "sync-not-needed" });
  });

  const reversed = (): readonly Uint8Array[] => [...sync().stewardMembers].reverse();
  const STRANGER = new Uint8Array(20).fill(9);
  test.each<[string, string, () => Partial<ConversationSync>]>([
    ["the list is in another order", "list-order", () => ({ stewardMembers: [...reversed()] })],
    [
      "the list names a member twice",
      "duplicate-steward",
      () => ({ stewardMembers: [...reversed(), ...reversed()] }),
    ],
    ["the retry round is another", "list-order", () => ({ retryRound: 77 })],
    ["the list is longer than its bounds", "list-order", () => ({ snMin: 1, snMax: 1 })],
    ["the election is of an epoch to come", "future-election", () => ({ electionEpoch: 1_000n })],
    ["no listed steward is a member", "no-steward-present", () => ({ stewardMembers: [STRANGER] })],
    ["there is no list", "no-steward-present", () => ({ stewardMembers: [] })],
    ["the bounds are no bounds", "steward-bounds", () => ({ snMin: 0 })],
    ["the bounds are crossed", "steward-bounds", () => ({ snMin: 4, snMax: 3 })],
    ["newcomers would be removable", "threshold-above-default", () => ({ thresholdPeerScore: 100n })],
    ...(Object.keys(TIMING) as (keyof TimingConfig)[]).map(
      (field): [string, string, () => Partial<ConversationSync>] => [
        `${field} is zero`,
        "timing",
        () => ({ timing: { ...TIMING, [field]: 0n } }),
      ],
    ),
  ])("is rejected if %s", async (_what, detail, twist) => {
    const packet = await packetWith(twist());
    const before = encodeStateButGroup(joiner.state, joiner.mls);
    expect(await receive(world, joiner, packet)).toEqual({
      kind: "rejected",
      reason: "invalid-sync",
      detail,
      sender: alice.id,
    });
    expect(encodeStateButGroup(joiner.state, joiner.mls)).toBe(before);
    // The genuine one is still applied.
    expect(await receive(world, joiner, await packetWith())).toMatchObject({
      kind: "accepted",
      what: "sync",
    });
  });

  test("without timing keeps the joiner's own", async () => {
    const { commitInactivityMs } = joiner.state.config;
    await receive(world, joiner, await packetWith({ timing: undefined }));
    expect(isSynced(joiner)).toBe(true);
    expect(joiner.state.config.commitInactivityMs).toBe(commitInactivityMs);
  });

  test("may set every duration to the longest timer", async () => {
    const timing = { ...TIMING, commitInactivityDurationMs: 2n ** 31n - 1n };
    await receive(world, joiner, await packetWith({ timing }));
    expect(joiner.state.config.commitInactivityMs).toBe(2 ** 31 - 1);
  });

  test("with a timeout below the joiner's voting delays shortens the delays", async () => {
    await receive(world, joiner, await packetWith({ timing: { ...TIMING, consensusTimeoutMs: 4_000n } }));
    expect(joiner.state.config).toMatchObject({ votingDelayMs: 3_999, electionVotingDelayMs: 3_999 });
  });

  test("does not set scores of non-members", async () => {
    const peerScores = [{ memberId: STRANGER, score: 1n }];
    await receive(world, joiner, await packetWith({ peerScores }));
    expect(eventsOf(joiner, "scoreChanged")).toEqual([]);
  });

  test("sets the settings, and keeps a joiner's elected list", async () => {
    const { stewards } = joiner.plugins;
    const elected = stewards.installList(joiner.state.stewards.list, 2n, [joiner.id], 1, 0).state;
    alter(joiner, "stewards", { list: elected });
    await receive(world, joiner, await packetWith());
    expect(isSynced(joiner)).toBe(true);
    expect(joiner.state.config.freezeMs).toBe(7_000);
    expect(stewardsOf(joiner)).toEqual([joiner.id]);
    expect(stewards.config(joiner.state.stewards.list).snMax).toBe(3);
    expect(eventsOf(joiner, "stewardsChanged")).toEqual([]);
  });

  test("can be sent again for a joiner that missed it", async () => {
    await command(world, alice, { kind: "sendSync" });
    await settle(world);
    expect(isSynced(joiner)).toBe(true);
    expect(stewardsOf(joiner)).toEqual(stewardsOf(alice));
  });
});

test("cannot be sent by a member that has not joined", async () => {
  const empty = createWorld({ fakes: true });
  const bob = await join(empty, "bob");
  await expect(command(empty, bob, { kind: "sendSync" })).rejects.toMatchObject({ code: "not-joined" });
  const founder = await create(empty, "alice");
  await sendUnchecked(empty, founder, { kind: "conversation_sync", sync: sync() });
  await deliver(empty);
  expect(isSynced(bob)).toBe(false);
});
