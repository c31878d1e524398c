import { describe, expect, test } from "vitest";
import {
  additionOf,
  approve,
  ban,
  castOf,
  epochOf,
  eventsOf,
  join,
  leave,
  msUntil,
  propose,
  runFor,
  runUntil,
  settledGroup,
  shareEpoch,
  stranger,
  vanish,
  vote,
  type Member,
  type World,
} from "../harness/index.js";

/** A group with the default times, whose packets then take `wayMs`. */
async function group(size: number, wayMs: number): Promise<World> {
  const world = await settledGroup(size, "strict", { guestShare: 0 });
  await runFor(world, 60_000);
  world.delaysMs = (from, to) => [from === to ? 0 : wayMs];
  return world;
}

const hasEnded = ({ state }: Member): boolean => state.phase === "ended";

describe.each([
  [3, 20],
  [3, 150],
  [10, 150],
  [30, 50],
])("In a group of %i whose packets take %i ms", (size, wayMs) => {
  test("a joiner is in after eight ways and 300 ms", async () => {
    const world = await group(size, wayMs);
    const joiner = await join(world, "joiner");
    const takenMs = await msUntil(world, () => eventsOf(joiner, "joined").length > 0);
    expect(takenMs).toBeLessThanOrEqual(8 * wayMs + 300);
  });

  test("a member is out after five ways and 300 ms from the last vote that was needed", async () => {
    const world = await group(size, wayMs);
    const [asking, target] = world.members as [Member, Member];
    const members = world.members.filter((member) => member !== target);
    const id = await ban(world, asking, target);
    await runUntil(world, () => members.every((member) => member.state.votes.open.has(id)));
    for (const member of members) if (member !== asking) await vote(world, member, id, true);
    expect(await msUntil(world, () => hasEnded(target))).toBeLessThanOrEqual(5 * wayMs + 300);
  });

  test("a member has left after six ways and 300 ms", async () => {
    const world = await group(size, wayMs);
    const [leaver] = castOf(world).others;
    await leave(world, leaver);
    expect(await msUntil(world, () => hasEnded(leaver))).toBeLessThanOrEqual(6 * wayMs + 300);
  });
});

describe("Without both stewards of seven", () => {
  test("a leave takes five seconds at most", async () => {
    const world = await group(7, 50);
    const { steward, backup, others } = castOf(world);
    const present = vanish(world, [steward, backup]);
    await leave(world, others[0]);
    expect(await msUntil(world, () => hasEnded(others[0]))).toBeLessThanOrEqual(5_000);
    const staying = present.filter((member) => member !== others[0]);
    await runUntil(world, () => shareEpoch(staying));
  });
});

describe("Twelve joiners at once", () => {
  test("are in after three commits at most", async () => {
    const world = await group(5, 50);
    const before = epochOf(world.members[0] as Member);
    const joiners: Member[] = [];
    for (let number = 0; number < 12; number += 1) joiners.push(await join(world, `joiner ${number}`));
    await runUntil(world, () => joiners.every((joiner) => eventsOf(joiner, "joined").length > 0));
    expect(Number(epochOf(world.members[0] as Member) - before)).toBeLessThanOrEqual(3);
  });
});

describe("A hostile member costs a change two seconds at most", () => {
  async function msOfAddition(world: World, of: readonly Member[] = world.members): Promise<number> {
    const epoch = epochOf(of[0] as Member);
    await approve(world, await additionOf(world, stranger(1), "one"));
    return msUntil(world, () => of.every((member) => epochOf(member) > epoch));
  }

  test("that opens votes again and again", async () => {
    const world = await group(5, 10);
    const [nuisance, target] = castOf(world).others;
    world.diary = Array.from({ length: 100 }, (_, number) => ({
      atMs: world.nowMs + 100 * number,
      act: async () => {
        await propose(world, nuisance, { kind: "remove", member: target.id }).catch(() => undefined);
      },
    }));
    expect(await msOfAddition(world)).toBeLessThanOrEqual(2_000 + 300);
  });

  test("that never chooses", async () => {
    const world = await group(5, 10);
    const [silent] = castOf(world).others;
    const isRepair = ({ packet }: { readonly packet: { readonly subtopic: string } }): boolean =>
      packet.subtopic === "repair";
    world.arrives = (letter) => letter.from !== silent || !isRepair(letter);
    expect(await msOfAddition(world)).toBeLessThanOrEqual(300);
  });

  test("that is the steward, and does not commit", async () => {
    const world = await group(5, 10);
    const { steward } = castOf(world);
    world.arrives = ({ from }) => from !== steward;
    const others = world.members.filter((member) => member !== steward);
    expect(await msOfAddition(world, others)).toBeLessThanOrEqual(2_000 + 300);
  });
});

describe("A storm of changes", () => {
  test("ends, with all members in one epoch", async () => {
    const world = await group(5, 50);
    world.diary = Array.from({ length: 15 }, (_, number) => ({
      atMs: world.nowMs + 200 * number,
      act: async () => void (await join(world, `guest ${number}`)),
    }));
    await runFor(world, 60_000);
    expect(world.members).toHaveLength(20);
    expect(shareEpoch(world.members)).toBe(true);
    expect(world.members.map(({ state }) => state.changes.approved.length)).toEqual(
      world.members.map(() => 0),
    );
  });
});
