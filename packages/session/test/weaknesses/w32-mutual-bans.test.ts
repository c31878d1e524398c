import type { CompatibilityMode } from "../../src/index.js";
import { beforeEach, describe, expect, test } from "vitest";
import { inspect } from "../../src/view/inspection.js";
import { scoreRemovalRequest } from "../../src/model/request.js";
import {
  advance,
  agreeOnScore,
  ban,
  decisionsOf,
  environmentOf,
  eventsOf,
  gatherInEachMode,
  propose,
  putToVote,
  required,
  send,
  settle,
  shareEpoch,
  until,
  vote,
  type Member,
  type World,
} from "../harness/index.js";

const settled = await gatherInEachMode(["alice", "bob"]);

let world: World;
let alice: Member, bob: Member;

async function enter(mode: CompatibilityMode): Promise<void> {
  ({ world } = await settled(mode));
  [alice, bob] = world.members as [Member, Member];
}

/** Each member proposes to remove the other at the same time. */
async function feud(): Promise<readonly number[]> {
  const bans = [await ban(world, alice, bob), await ban(world, bob, alice)];
  await settle(world);
  return bans;
}

/** Each member votes yes by hand on its own removal; in a strict conversation it has no vote on it. */
async function feudToTheEnd(mode: CompatibilityMode): Promise<void> {
  const [ofBob, ofAlice] = await feud();
  if (mode === "de-mls-3") {
    await vote(world, alice, ofAlice ?? 0, true);
    await vote(world, bob, ofBob ?? 0, true);
  }
  await settle(world);
}

/**
 * In 3.0.0 two members can ban each other. A member with an approved removal may not commit, so no member may, and the
 * group can never change again.
 */
describe("W32: two members that ban each other (de-mls-3)", () => {
  beforeEach(() => enter("de-mls-3"));

  test("are both rejected by default votes, and stay members", async () => {
    await feud();
    for (const member of [alice, bob])
      expect(eventsOf(member, "voteRequested")).toMatchObject([{ defaultVote: false }]);
    await advance(world, 60_000);
    for (const member of [alice, bob]) {
      expect(eventsOf(member, "proposalDecided").map(({ result }) => result)).toEqual(["no", "no"]);
      expect(member.state).toMatchObject({ phase: "working", changes: { approved: [] } });
    }
    const again = await ban(world, alice, bob);
    await settle(world);
    await vote(world, bob, again, true);
    await until(world, () => bob.state.phase === "ended");
    expect(alice.state.group?.members).toEqual([alice.id]);
  });

  test("do not affect a single ban, which its target can approve by hand", async () => {
    const id = await ban(world, alice, bob);
    await settle(world);
    expect(eventsOf(bob, "voteRequested")).toMatchObject([{ defaultVote: false }]);
    await vote(world, bob, id, true);
    await until(world, () => bob.state.phase === "ended");
    expect(eventsOf(alice, "error")).toEqual([]);
  });
});

describe("W32: two members whose bans of each other are approved", () => {
  test("emit one error event each because neither may commit, and can still chat (de-mls-3)", async () => {
    await enter("de-mls-3");
    await feudToTheEnd("de-mls-3");
    await advance(world, 300_000);
    for (const member of [alice, bob]) {
      expect(eventsOf(member, "error")).toMatchObject([
        {
          operation: "approvedChange",
          message: expect.stringMatching(/no member could commit.*create a new conversation/),
        },
      ]);
      expect(inspect(member.state, environmentOf(world, member)).uncommittableChanges).toMatchObject([
        { kind: "nobodyLeft" },
      ]);
      expect(member.state.phase).toBe("reelection");
    }
    await send(world, alice, Uint8Array.of(1));
    await settle(world);
    expect(eventsOf(bob, "message")).toHaveLength(1);
    expect(shareEpoch([alice, bob])).toBe(true);
  });

  test("commit one of the two bans, the same at both (strict)", async () => {
    await enter("strict");
    await feudToTheEnd("strict");
    const approved = [alice, bob].map(({ state }) =>
      state.changes.approved.map(({ proposalId }) => proposalId),
    );
    expect(approved[0]).toHaveLength(1);
    expect(approved[1]).toEqual(approved[0]);
    await until(world, () => [alice, bob].some(({ state }) => state.phase === "ended"));
    const last = required([alice, bob].find(({ state }) => state.phase !== "ended"));
    expect(last.state.group?.members).toEqual([last.id]);
  });
});

/**
 * One member bans the other, which proposes a score removal of the first; both are approved. In de-mls-3 the two must
 * cross on the network, and are approved by hand; in strict mode the proposer of each is its only voter.
 */
async function banAndScoreRemoval(mode: CompatibilityMode): Promise<void> {
  const banned = await ban(world, alice, bob);
  if (mode === "strict") await settle(world);
  const removal = await propose(world, bob, scoreRemovalRequest(bob.id, alice.id, -1n, 1n));
  await settle(world);
  if (mode === "strict") return;
  await vote(world, bob, banned, true);
  await settle(world);
  await vote(world, alice, removal, true);
  await settle(world);
}

describe("W32: a ban and a score removal that would leave no member", () => {
  test("have the default vote no on the second (de-mls-3)", async () => {
    await enter("de-mls-3");
    agreeOnScore(world, alice, -1n);
    await ban(world, alice, bob);
    await settle(world);
    await putToVote(world, bob, scoreRemovalRequest(bob.id, alice.id, -1n, 1n));
    expect(decisionsOf(alice, "defaultVote").at(-1)).toMatchObject({ vote: false, reason: "own-removal" });
  });

  test("are reduced to one of them, the same at both, which is committed (strict)", async () => {
    await enter("strict");
    await banAndScoreRemoval("strict");
    await until(world, () => [alice, bob].some(({ state }) => state.phase === "ended"));
    const last = required([alice, bob].find(({ state }) => state.phase !== "ended"));
    expect(last.state.group?.members).toEqual([last.id]);
    expect(last.state).toMatchObject({ changes: { approved: [], urgentTarget: undefined } });
  });

  test("stay, and are reported with the way out (de-mls-3)", async () => {
    await enter("de-mls-3");
    await banAndScoreRemoval("de-mls-3");
    await advance(world, 300_000);
    for (const member of [alice, bob])
      expect(eventsOf(member, "error").at(-1)?.message).toMatch(/no member could commit/);
  });
});
