import { memberIdToBytes } from "@demls/wire/core";
import { beforeEach, describe, expect, test } from "vitest";
import {
  accusation,
  advance,
  epochStewardOf,
  eventsOf,
  fork,
  GARDEN,
  gather,
  join,
  propose,
  receive,
  sealed,
  settle,
  stewardsOf,
  until,
  vote,
  type Letter,
  type Member,
  type World,
} from "../harness/index.js";
import { membershipTarget, removeRequest } from "../../src/model/request.js";

const settled = await gather(["alice", "bob", "carol", "dave", "erin"], {
  config: { pendingUpdateMaxEpochs: 1 },
});

let world: World;
let members: readonly Member[];
let steward: Member;
let backup: Member;
let bystanders: [Member, Member, Member];

beforeEach(async () => {
  ({ world } = await fork(settled.world));
  members = [...world.members];
  steward = epochStewardOf(world, members[0] as Member);
  const list = stewardsOf(steward);
  backup = members.find((member) => list.includes(member.id) && member !== steward) as Member;
  bystanders = members.filter(({ id }) => !list.includes(id)) as [Member, Member, Member];
});

/** Who opened a vote on this member, as this member of the group was asked. */
function proposersOf(target: Member, asked: Member): readonly string[] {
  return eventsOf(asked, "voteRequested")
    .filter(({ request }) => membershipTarget(request) === target.id)
    .map(({ proposer }) => proposer);
}

/** Removes a member, so that an epoch passes. */
async function pass(target: Member, epoch: bigint): Promise<readonly Member[]> {
  const staying = members
    .filter(({ state }) => state.phase !== "ended")
    .filter((member) => member !== target);
  await propose(
    world,
    staying.find((member) => bystanders.includes(member)) ?? steward,
    removeRequest(target.id),
  );
  await until(world, () => staying.every(({ state }) => state.group?.epoch === epoch));
  return staying;
}

async function hearBan(hearer: Member, from: Member, target: Member): Promise<void> {
  const ban = {
    kind: "ban_request",
    userToBan: memberIdToBytes(target.id),
    conversationName: GARDEN,
  } as const;
  await receive(world, hearer, await sealed(from, ban));
}

describe("a change that the epoch steward has missed (process buffered updates)", () => {
  test("is put to the vote by the next one, and by nobody else", async () => {
    const misses = ({ from, to }: Letter): boolean => to === steward && !members.includes(from);
    world.arrives = (letter) => !misses(letter);
    const frank = await join(world, "frank");
    await advance(world, 30_000);
    expect(proposersOf(frank, steward)).toEqual([]);
    expect(backup.state.changes.pending.has(frank.id)).toBe(true);
    const [target, asked] = bystanders;
    await pass(target, 2n);
    await until(world, () => frank.state.phase === "working");
    expect(proposersOf(frank, asked)).toEqual([backup.id]);
  });

  test("is not asked for again while its vote is open or its commit awaited", async () => {
    const frank = await join(world, "frank");
    await until(world, () => members.every(({ state }) => state.changes.approved.length === 1));
    const [target, asked] = bystanders;
    // Whatever is asked for has the steward look through all that it has noted.
    await hearBan(steward, asked, target);
    await until(world, () => frank.state.phase === "working");
    expect(proposersOf(frank, asked)).toEqual([steward.id]);
  });

  test("waits for an emergency to be over, and is put to the vote then", async () => {
    const [creator, asked] = bystanders;
    const id = await propose(world, creator, accusation(creator, asked));
    await settle(world);
    const frank = await join(world, "frank");
    await settle(world);
    expect(steward.state.changes.pending.has(frank.id)).toBe(true);
    expect(proposersOf(frank, asked)).toEqual([]);
    for (const member of members) if (member !== creator) await vote(world, member, id, false);
    await settle(world);
    expect(proposersOf(frank, asked)).toEqual([steward.id]);
  });
});

describe("changes that were noted (prune pending updates after commit)", () => {
  test("are forgotten where they have come about", async () => {
    const frank = await join(world, "frank");
    await until(world, () => frank.state.phase === "working");
    for (const member of members) expect(member.state.changes.pending.size).toBe(0);
    const [target] = bystanders;
    const staying = await pass(target, 3n);
    for (const member of staying) expect(member.state.changes.pending.size).toBe(0);
  });

  test("are kept for as many epochs as configured, and not one more", async () => {
    const [hearer, wanted, target] = bystanders;
    await hearBan(hearer, target, wanted);
    expect(hearer.state.changes.pending.get(wanted.id)?.firstSeenEpoch).toBe(1n);
    await pass(target, 2n);
    expect([...hearer.state.changes.pending.keys()]).toEqual([wanted.id]);
    await join(world, "frank");
    await until(world, () => hearer.state.group?.epoch === 3n);
    expect(hearer.state.changes.pending.size).toBe(0);
    expect(hearer.state.group?.members).toContain(wanted.id);
  });
});
