import { beforeEach, describe, expect, test } from "vitest";
import {
  advance,
  alter,
  approve,
  ban,
  castOf,
  createWorld,
  defaultVotesOf,
  enter,
  eventsOf,
  fork,
  gather,
  type Member,
  ownProposalsOf,
  settle,
  take,
  until,
  vote,
  withoutDefaultVotes,
  type World,
} from "../harness/index.js";
import { removeRequest } from "../../src/model/request.js";

const settled = await gather(["alice", "bob", "carol", "dave", "erin"]);

let world: World;
let members: readonly Member[];
let listed: readonly Member[], bystanders: readonly Member[];

beforeEach(async () => {
  ({ world } = await fork(settled.world));
  members = [...world.members];
  // Shorter than any vote, so that no vote ends during a test.
  for (const member of members) {
    const config = { ...member.state.config, commitInactivityMs: 2_000, recoveryInactivityMs: 700 };
    member.state = { ...member.state, config };
  }
  ({ stewards: listed, others: bystanders } = castOf(world));
});

describe("the inactivity timer (check member freeze)", () => {
  test("starts with the first approved change, and is not restarted by later ones", async () => {
    const [member, first, second] = bystanders as [Member, Member, Member];
    world.arrives = () => false;
    expect(member.wakeAtMs).toBeUndefined();
    await advance(world, 10_000);
    const beganMs = world.nowMs;
    await approve(world, removeRequest(first.id));
    await advance(world, 1_500);
    await approve(world, removeRequest(first.id), removeRequest(second.id));
    expect(member.wakeAtMs).toBe(beganMs + 2_000);
    await advance(world, 499);
    expect(member.state.phase).toBe("working");
    await advance(world, 1);
    expect(member.state.phase).toBe("freezing");
  });

  test("is stopped only on a member with an open election of its own", async () => {
    const [steward] = listed as [Member];
    const [witness, target] = bystanders as [Member, Member];
    await approve(world, removeRequest(target.id));
    const id = await ban(world, witness, steward);
    await advance(world, 1_000);
    for (const member of members) if (defaultVotesOf(member).has(id)) await vote(world, member, id, true);
    await settle(world);
    const electing = members.filter((member) =>
      [...ownProposalsOf(member).values()].some(({ kind }) => kind === "electStewards"),
    );
    expect(electing).toHaveLength(1);
    // The other members' packets are not delivered: a candidate would start a freeze.
    world.arrives = () => false;
    await advance(world, 1_000);
    // As the only steward it would commit at once and work in the next epoch.
    expect(electing[0]?.state).toMatchObject({ phase: "working", group: { epoch: 1n } });
    for (const member of members) if (!electing.includes(member)) expect(member.state.phase).toBe("freezing");
  });

  test("is short in recovery and after a failed election", async () => {
    const [member, target] = bystanders as [Member, Member];
    world.arrives = () => false;
    alter(member, "stewards", { recovery: true });
    const { stewards } = listed[0]?.plugins ?? member.plugins;
    const retried = listed[0] as Member;
    alter(retried, "stewards", { list: stewards.bumpRetry(retried.state.stewards.list).state });
    await approve(world, removeRequest(target.id));
    await advance(world, 700);
    expect([member.state.phase, retried.state.phase]).toEqual(["freezing", "freezing"]);
    expect(listed[1]?.state.phase).toBe("working");
  });

  test("is stopped on a pending member", async () => {
    const outside = createWorld();
    const joiner = await enter(outside, "joiner");
    await take(outside, joiner, { kind: "tick" });
    expect(joiner.state.phase).toBe("pending-join");
  });
});

describe("timers that are due at the same time (tick deadlines, then the phases)", () => {
  test("run votes first: the freeze carries out their results", async () => {
    const [member, first, second] = bystanders as [Member, Member, Member];
    await ban(world, member, second);
    await settle(world);
    world.arrives = () => false;
    for (const other of members) withoutDefaultVotes(other);
    await approve(world, removeRequest(first.id));
    // The member misses the vote's deadline and the inactivity timeout.
    world.nowMs += 60_000;
    const { effects } = await take(world, member, { kind: "tick" });
    const told = effects.flatMap((effect) => (effect.kind === "event" ? [effect.event.kind] : []));
    expect(told).toEqual(["proposalDecided", "phaseChanged"]);
    expect(member.state.phase).toBe("freezing");
    expect(member.state.changes.approved).toHaveLength(2);
  });

  test("cast one default vote, and none after a manual vote", async () => {
    const [proposer, handy, lazy] = bystanders as [Member, Member, Member];
    const id = await ban(world, proposer, handy);
    await settle(world);
    await vote(world, handy, id, false);
    await until(world, () => eventsOf(lazy, "voteCast").some(({ voter }) => voter === lazy.id));
    await advance(world, 30_000);
    for (const voter of [handy, lazy]) {
      const own = eventsOf(voter, "voteCast").filter(
        (cast) => cast.voter === voter.id && cast.proposalId === id,
      );
      expect(own.map((cast) => cast.vote)).toEqual([voter !== handy]);
    }
  });
});
