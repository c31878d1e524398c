import { memberIdToBytes } from "@demls/wire/core";
import { beforeEach, describe, expect, test } from "vitest";
import {
  accusation,
  advance,
  castOf,
  eventsOf,
  fork,
  GARDEN,
  gather,
  join,
  propose,
  receive,
  sealed,
  settle,
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
let steward: Member, backup: Member;
let bystanders: [Member, Member, Member];

beforeEach(async () => {
  ({ world } = await fork(settled.world));
  members = [...world.members];
  ({ steward, backup, others: bystanders } = castOf(world));
});

/** Proposers of votes, as this member's vote requests show. */
function proposersOf(target: Member, asked: Member): readonly string[] {
  return eventsOf(asked, "voteRequested")
    .filter(({ request }) => membershipTarget(request) === target.id)
    .map(({ proposer }) => proposer);
}

/** Removes a member, so that a new epoch begins. */
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

describe("a buffered change that the epoch steward did not propose (process buffered updates)", () => {
  test("is proposed by the next epoch steward only", async () => {
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

  test("is not proposed again while it is open or approved", async () => {
    const frank = await join(world, "frank");
    await until(world, () => members.every(({ state }) => state.changes.approved.length === 1));
    const [target, asked] = bystanders;
    // Any request makes the steward check all buffered changes.
    await hearBan(steward, asked, target);
    await until(world, () => frank.state.phase === "working");
    expect(proposersOf(frank, asked)).toEqual([steward.id]);
  });

  test("waits for the end of an open emergency", async () => {
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

describe("buffered changes (prune pending updates after commit)", () => {
  test("are deleted when they are in effect", async () => {
    const frank = await join(world, "frank");
    await until(world, () => frank.state.phase === "working");
    for (const member of members) expect(member.state.changes.pending.size).toBe(0);
    const [target] = bystanders;
    const staying = await pass(target, 3n);
    for (const member of staying) expect(member.state.changes.pending.size).toBe(0);
  });

  test("are kept for exactly the configured number of epochs", async () => {
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
