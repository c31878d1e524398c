import type { ChangeRequest } from "../../src/model/request.js";
import type { CompatibilityMode } from "../../src/index.js";

import { beforeEach, describe, expect, test } from "vitest";
import {
  advance,
  approveBan,
  defaultsOf,
  eventsOf,
  gatherInEachMode,
  joinUnsynced,
  MODES,
  putToVote,
  receiveSync,
  required,
  stewardsOf,
  syncOf,
  until,
  voteIn,
  type Member,
  type World,
} from "../harness/index.js";

const settled = await gatherInEachMode(["alice", "bob", "carol", "mallory"], { fakes: true });
const pair = await gatherInEachMode(["alice", "mallory"], { fakes: true });

let world: World, mallory: Member, honest: Member[];
/** The stewards that everyone derives, in their order. */
let listed: readonly Member[];

async function enter(mode: CompatibilityMode): Promise<void> {
  ({ world } = await settled(mode));
  world.repairs = false;
  honest = world.members.slice(0, 3);
  mallory = required(world.members[3]);
  listed = stewardsOf(mallory).map((id) => required(world.members.find((member) => member.id === id)));
}

function election(proposed: readonly Member[], electionEpoch: bigint, retryRound = 0): ChangeRequest {
  const stewards = proposed.map(({ id }) => id);
  return { kind: "electStewards", stewards, electionEpoch, retryRound };
}

const NO = [false, false, false];
const YES = [true, true, true];

/**
 * 3.0.0 checks only a list's own order. A member that was not a steward proposed a list of itself for epoch 100, the
 * others' default votes were yes, and it became the only steward.
 */
describe.each(MODES)("W7: a rogue election (%s)", (mode) => {
  beforeEach(() => enter(mode));

  test("of oneself for a far epoch is voted no by everyone, and no list changes", async () => {
    const before = stewardsOf(mallory);
    await putToVote(world, mallory, election([mallory], 100n));
    expect(defaultsOf(honest)).toEqual(NO);
    await advance(world, 5_000);
    for (const member of honest) {
      expect(eventsOf(member, "proposalDecided")).toMatchObject([{ result: "no" }]);
      expect(stewardsOf(member)).toEqual(before);
    }
  });

  test("of oneself alone, in another order, in no order or of a far round is voted no", async () => {
    const [first, second] = listed.map((member) => required(member));
    const rogues = [
      election([mallory], 1n),
      election([required(second), required(first)], 1n),
      election([required(first)], 1n),
      election([], 1n),
      election(listed, 1n, 9),
    ];
    for (const rogue of rogues) {
      await putToVote(world, mallory, rogue);
      expect(defaultsOf(honest)).toEqual(NO);
    }
  });

  test("counts for no retry when it is refused, and leads to no Deadlock", async () => {
    for (let i = 0; i < 3; i++) {
      await putToVote(world, mallory, election([mallory], 100n));
      await advance(world, 60_000);
    }
    for (const { plugins, state } of honest) {
      expect(plugins.stewards.retryRound(state.stewards.list)).toBe(0);
      expect(state.stewards.recovery).toBe(false);
      expect(state.phase).toBe("working");
    }
  });

  test("is never installed where it is not in its own order, even if it is voted in", async () => {
    const before = stewardsOf(mallory);
    const id = await putToVote(world, mallory, election([...listed].reverse(), 1n));
    await voteIn(world, honest, id);
    for (const member of honest) {
      expect(stewardsOf(member)).toEqual(before);
      expect(eventsOf(member, "error")).toMatchObject([{ operation: "stewardElection" }]);
    }
  });

  test("differs from the list that everyone derives, which is voted as configured and installed", async () => {
    const id = await putToVote(world, mallory, election(listed, 1n));
    expect(defaultsOf(honest)).toEqual(YES);
    await voteIn(world, honest, id);
    for (const member of honest) {
      expect(eventsOf(member, "stewardsChanged").at(-1)).toMatchObject({ electionEpoch: 1n });
      expect(eventsOf(member, "error")).toEqual([]);
    }
  });
});

describe("W7: a rogue election that the group decides for all the same", () => {
  const rogue = (): ChangeRequest => election([mallory], 100n);

  test("is installed and reported where 3.0.0 members install it (de-mls-3)", async () => {
    await enter("de-mls-3");
    await voteIn(world, honest, await putToVote(world, mallory, rogue()));
    for (const member of honest) {
      expect(stewardsOf(member)).toEqual([mallory.id]);
      expect(eventsOf(member, "error")).toMatchObject([
        { operation: "stewardElection", message: expect.stringContaining("it was installed") },
      ]);
    }
  });

  test("is refused, and reported (strict)", async () => {
    await enter("strict");
    const before = stewardsOf(mallory);
    await voteIn(world, honest, await putToVote(world, mallory, rogue()));
    for (const member of honest) {
      expect(stewardsOf(member)).toEqual(before);
      expect(eventsOf(member, "error")).toMatchObject([
        { operation: "stewardElection", message: expect.stringContaining("the old list stays") },
      ]);
    }
  });
});

test("W7: an election ends with its epoch, and the stewards of the commit's record stay", async () => {
  await enter("strict");
  const target = required(honest.find((member) => !listed.includes(member)));
  const staying = world.members.filter((member) => member !== target);
  await approveBan(world, mallory, target);
  await advance(world, 58_000);
  const id = await putToVote(world, mallory, election(listed, 1n));
  await until(world, () => staying.every(({ state }) => state.group?.epoch === 2n));
  const stewards = stewardsOf(mallory);
  await advance(world, 60_000);
  for (const member of staying.filter((other) => other !== mallory)) {
    const decided = eventsOf(member, "proposalDecided").find(({ proposalId }) => proposalId === id);
    expect(decided).toMatchObject({ result: "failed" });
    expect(eventsOf(member, "error")).toEqual([]);
    expect(stewardsOf(member)).toEqual(stewards);
  }
});

describe("W7: a joiner without a ConversationSync", () => {
  let joiner: Member;

  async function enterUnsynced(mode: CompatibilityMode): Promise<void> {
    ({ world } = await pair(mode));
    // Otherwise the joiner would get the sync by repair.
    world.repairs = false;
    mallory = required(world.members[1]);
    joiner = await joinUnsynced(world, "zed");
    // Enough time for any other election that was due.
    await advance(world, 60_000);
  }

  /** Mallory elects herself alone, for the epoch that the group is in, with her own yes. */
  async function electMallory(): Promise<number> {
    return putToVote(world, mallory, election([mallory], mallory.state.group?.epoch ?? 0n));
  }

  test("opens no election, and accepts no elected list (strict)", async () => {
    await enterUnsynced("strict");
    const id = await electMallory();
    expect(eventsOf(joiner, "voteRequested").map(({ proposalId }) => proposalId)).not.toContain(id);
    await advance(world, 60_000);
    for (const member of world.members) expect(stewardsOf(member)).not.toEqual([mallory.id]);
  });

  test("votes no on an election that it cannot check, and installs the list that the others elect (de-mls-3)", async () => {
    await enterUnsynced("de-mls-3");
    const id = await electMallory();
    expect(eventsOf(joiner, "voteRequested").at(-1)).toMatchObject({
      proposalId: id,
      defaultVote: false,
    });
  });

  test("checks an election that arrived before its sync once the sync arrives (strict)", async () => {
    await enterUnsynced("strict");
    const epoch = mallory.state.group?.epoch ?? 0n;
    const everyone = world.members.map(({ id }) => id);
    const [next] = world.members.flatMap(({ id, plugins: { stewards }, state }) => {
      const made = stewards.proposeElection(state.stewards.list, epoch, everyone, id, () => true, true);
      return made.kind === "skip" ? [] : [made];
    });
    if (next === undefined) throw new Error("No member proposes an election.");
    const rogueId = await electMallory();
    const id = await putToVote(world, mallory, {
      ...{ kind: "electStewards", electionEpoch: epoch, retryRound: next.retryRound },
      stewards: next.proposedStewards,
    });
    const asked = () =>
      eventsOf(joiner, "voteRequested").filter(({ proposalId }) => [id, rogueId].includes(proposalId));
    expect(asked()).toEqual([]);
    const committer = required(world.members.find((member) => member.id === joiner.state.sync.admittedBy));
    await receiveSync(world, joiner, committer, syncOf(committer));
    expect(asked()).toMatchObject([
      { proposalId: rogueId, defaultVote: false },
      { proposalId: id, defaultVote: true },
    ]);
  });
});
