import { defaultScoreDeltas } from "@demls/scoring";
import { beforeEach, describe, expect, test } from "vitest";
import {
  accusation,
  ban,
  castOf,
  defaultVotesOf,
  emergenciesOf,
  eventsOf,
  fork,
  gather,
  type Member,
  propose,
  scoreOf,
  settle,
  vote,
  type World,
} from "../harness/index.js";
import { removeRequest, type EmergencyEvidence } from "../../src/model/request.js";

const settled = await gather(["alice", "bob", "carol", "dave", "erin"], { fakes: true });
const REWARD = defaultScoreDeltas["emergency-yes-creator"];
const PENALTY = defaultScoreDeltas["emergency-no-creator"];
/** A value that the wire format does not define. */
const UNKNOWN_VIOLATION = 6;

let world: World;
let creator: Member, target: Member, onlooker: Member;

beforeEach(async () => {
  ({ world } = await fork(settled.world));
  [creator, target, onlooker] = castOf(world).others;
});

/** Proposes an emergency on which all other members vote by hand. */
async function declare(violation: EmergencyEvidence["violation"], choice: boolean): Promise<void> {
  const id = await propose(world, creator, accusation(creator, target, { violation }));
  await settle(world);
  for (const member of world.members) {
    if (member !== creator && defaultVotesOf(member).has(id)) await vote(world, member, id, choice);
  }
  await settle(world);
}

/** Score change of a member, equal on every member of the group. */
function change(of: Member): bigint {
  const changes = world.members.map((viewer) => (scoreOf(viewer, of) ?? 0n) - 100n);
  const start = settled.members.map((viewer) => (scoreOf(viewer, of) ?? 0n) - 100n);
  const moved = new Set(changes.map((now, i) => now - (start[i] ?? 0n)));
  expect(moved.size).toBe(1);
  return [...moved][0] ?? 0n;
}

describe("an emergency that the group accepts (handle emergency scored)", () => {
  test.each<[string, EmergencyEvidence["violation"], bigint]>([
    ["a broken commit", "brokenCommit", defaultScoreDeltas["broken-commit"]],
    ["a broken MLS proposal", "brokenMlsProposal", defaultScoreDeltas["broken-mls-proposal"]],
    ["a commit that was missed", "censorshipInactivity", defaultScoreDeltas["censorship-inactivity"]],
    ["a deadlock", "deadlock", 0n],
    ["nothing that is said", "unspecified", 0n],
    ["an unknown violation", UNKNOWN_VIOLATION, 0n],
  ])("of %s rewards its creator and costs its target", async (_what, violationType, cost) => {
    await declare(violationType, true);
    expect([change(creator), change(target)]).toEqual([REWARD, cost]);
    expect(emergenciesOf(onlooker).length).toBe(0);
  });

  test("of a score at the threshold rewards its creator and removes its target at once", async () => {
    const before = scoreOf(onlooker, creator) ?? 0n;
    await declare("scoreBelowThreshold", true);
    expect(scoreOf(onlooker, creator)).toBe(before + REWARD);
    expect(world.nowMs).toBe(settled.world.nowMs);
    expect(eventsOf(onlooker, "commitApplied")).toMatchObject([
      { urgent: true, changes: [{ request: removeRequest(target.id) }] },
    ]);
  });

  test("of a deadlock lets any member commit, and freezes nothing where nothing is approved", async () => {
    await declare("deadlock", true);
    for (const { state } of world.members)
      expect([state.stewards.recovery, state.phase]).toEqual([true, "working"]);
  });

  test("of anything else queues nothing for the commit", async () => {
    await declare("brokenCommit", true);
    for (const { state } of world.members)
      expect([state.changes.approved, state.stewards.recovery, state.phase]).toEqual([[], false, "working"]);
  });
});

describe("an emergency that the group refuses", () => {
  test.each<[string, EmergencyEvidence["violation"]]>([
    ["a broken commit", "brokenCommit"],
    ["a broken MLS proposal", "brokenMlsProposal"],
    ["a commit that was missed", "censorshipInactivity"],
    ["a score at the threshold", "scoreBelowThreshold"],
    ["a deadlock", "deadlock"],
    ["an unknown violation", UNKNOWN_VIOLATION],
  ])("of %s costs its creator fifty and changes nothing else", async (_what, type) => {
    await declare(type, false);
    expect([change(creator), change(target)]).toEqual([PENALTY, 0n]);
    for (const member of world.members) {
      const { changes, stewards } = member.state;
      expect([changes.approved, stewards.recovery, emergenciesOf(member)]).toEqual([[], false, []]);
    }
  });
});

describe("the priority of an emergency (partial freeze)", () => {
  test("allows another emergency, and blocks membership changes and elections", async () => {
    await propose(world, creator, accusation(creator, target));
    await settle(world);
    const held = { code: "emergency-open" };
    await expect(ban(world, onlooker, target)).rejects.toMatchObject(held);
    const election = {
      kind: "electStewards",
      stewards: [],
      electionEpoch: 1n,
      retryRound: 0,
    } as const;
    await expect(propose(world, onlooker, election)).rejects.toMatchObject(held);
    await expect(propose(world, onlooker, accusation(onlooker, creator))).resolves.toBeGreaterThan(0);
  });

  test("includes all of its evidence in the vote request", async () => {
    const request = accusation(creator, target, { payload: Uint8Array.of(9, 8, 7) });
    await propose(world, creator, request);
    await settle(world);
    expect(eventsOf(onlooker, "voteRequested")).toMatchObject([{ proposer: creator.id, request }]);
  });

  test.each([true, false])("ends a reelection with any result: %s", async (choice) => {
    for (const member of world.members) member.state = { ...member.state, phase: "reelection" };
    await declare("censorshipInactivity", choice);
    for (const { state } of world.members) expect(state.phase).toBe("working");
  });
});
