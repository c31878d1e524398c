import { describe, expect, test } from "vitest";
import type { CompatibilityMode } from "../../src/index.js";
import {
  advance,
  ban,
  castOf,
  eventsOf,
  gatherInEachMode,
  leave,
  type Member,
  MODES,
  settle,
  trackedVotes,
  vote,
  type World,
} from "../harness/index.js";

const inMode = await gatherInEachMode(["alice", "bob", "carol", "dave", "erin"]);

interface Scene {
  readonly world: World;
  readonly proposer: Member;
  /** Removed by the commit that overtakes the vote. */
  readonly leaver: Member;
  readonly target: Member;
  readonly voter: Member;
  /** Receives the voter's packets two seconds late. */
  readonly late: Member;
}

/** Two of five members are stewards, and stay. */
async function begin(mode: CompatibilityMode): Promise<Scene> {
  const { world } = await inMode(mode);
  const { stewards, others } = castOf(world);
  const [proposer, late] = stewards;
  const [leaver, target, voter] = others;
  world.delaysMs = (from, to) => (from === voter && to === late ? [2_000] : [0]);
  return { world, proposer, leaver, target, voter, late };
}

/** A vote is cast just before a commit and reaches one member after it. */
async function overtake(scene: Scene, lateVotes: boolean): Promise<number> {
  const { world, proposer, leaver, target, voter, late } = scene;
  await leave(world, leaver);
  await settle(world);
  await advance(world, late.state.config.commitInactivityMs - 1_000);
  const proposalId = await ban(world, proposer, target);
  await settle(world);
  await vote(world, late, proposalId, lateVotes);
  // In a strict conversation the target has no vote.
  if (late.state.mode === "de-mls-3") await vote(world, target, proposalId, false);
  await vote(world, voter, proposalId, false);
  await advance(world, 1_000);
  expect(late.state.group?.epoch).toBe(2n);
  expect(eventsOf(late, "voteCast").some(({ voter: by }) => by === voter.id)).toBe(false);
  await advance(world, 2_000);
  return proposalId;
}

function resultsOf({ world, leaver }: Scene, proposalId: number): unknown[] {
  return world.members
    .filter((member) => member !== leaver)
    .map((member) => eventsOf(member, "proposalDecided").find((it) => it.proposalId === proposalId)?.result);
}

describe("W44: a vote that a commit overtakes", () => {
  test("de-mls-3: is not counted by members that merged first, as in 3.0.0, and leads to two results", async () => {
    const scene = await begin("de-mls-3");
    const proposalId = await overtake(scene, true);
    expect(scene.late.outcomes).toContainEqual({ kind: "ignored", reason: "past-epoch" });
    await advance(scene.world, 50_000);
    expect(new Set(resultsOf(scene, proposalId))).toEqual(new Set(["yes", "failed"]));
  });

  test("strict: is counted, and all members reach one result", async () => {
    const scene = await begin("strict");
    const proposalId = await overtake(scene, false);
    expect(eventsOf(scene.late, "voteCast")).toContainEqual(
      expect.objectContaining({ proposalId, voter: scene.voter.id, vote: false }),
    );
    await advance(scene.world, 50_000);
    expect(new Set(resultsOf(scene, proposalId))).toEqual(new Set(["no"]));
  });

  test("strict: counts like a proposal that a commit overtakes, with the votes of the members at that time", async () => {
    const scene = await begin("strict");
    const { world, leaver, target, voter, late } = scene;
    await leave(world, leaver);
    await settle(world);
    await advance(world, late.state.config.commitInactivityMs - 500);
    const proposalId = await ban(world, voter, target);
    await vote(world, leaver, proposalId, true).catch(() => undefined);
    await settle(world);
    await advance(world, 1_000);
    expect(late.state.group?.epoch).toBe(2n);
    await advance(world, 60_000);
    expect(new Set(resultsOf(scene, proposalId))).toEqual(new Set(["yes"]));
  });

  test.each(MODES)("%s: gives removed members no vote on later proposals", async (mode) => {
    const scene = await begin(mode);
    const { world, leaver, target, proposer, late } = scene;
    await leave(world, leaver);
    await settle(world);
    const former = leaver.state;
    await advance(world, late.state.config.commitInactivityMs);
    expect(late.state.group?.epoch).toBe(2n);
    const proposalId = await ban(world, proposer, target);
    await settle(world);
    const open = trackedVotes(proposer).map(
      (vote) => [vote.proposalId, { ...vote, voters: undefined }] as const,
    );
    leaver.state = { ...former, votes: { ...proposer.state.votes, open: new Map(open) } };
    const counted = eventsOf(late, "voteCast").length;
    await vote(world, leaver, proposalId, false);
    await settle(world);
    expect(eventsOf(late, "voteCast")).toHaveLength(counted);
    expect(late.outcomes.at(-1)).toMatchObject(
      mode === "strict"
        ? { kind: "rejected", reason: "not-a-voter" }
        : { kind: "ignored", reason: "past-epoch" },
    );
  });
});
