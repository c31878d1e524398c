import { beforeEach, describe, expect, test } from "vitest";
import type { MemberSnapshot } from "../../src/view/snapshot.js";
import {
  ban,
  command,
  epochOf,
  eventsOf,
  fork,
  gather,
  join,
  runFor,
  runUntil,
  send,
  shareEpoch,
  snapshotAt,
  stewardsOf,
  take,
  vanish,
  type Member,
  type World,
} from "../harness/index.js";

const HOUR_MS = 3_600_000;
const QUARTER_MS = 15 * 60_000;

const settled = await gather(["alice", "bob", "carol", "dave", "erin"], {
  mode: "strict",
  fakes: true,
  stewards: { snMin: 2, snMax: 3 },
});
await runFor(settled.world, 60_000);

let world: World;
let present: Member[];
let sleeper: Member;

beforeEach(async () => {
  ({ world } = await fork(settled.world));
  // The first in leaf order joined first, so that it often is a steward.
  [sleeper] = world.members as [Member];
  present = world.members.filter((member) => member !== sleeper);
});

function seen(viewer: Member, { id }: Member): MemberSnapshot {
  const found = snapshotAt(viewer).members.find((member) => member.id === id);
  if (found === undefined) throw new Error("It is no member.");
  return found;
}

/** Closes epochs with the present members, one renewal of keys each. */
async function closeEpochs(count: number): Promise<void> {
  for (let closed = 0; closed < count; closed++) {
    const committer = present[closed % present.length] as Member;
    const at = epochOf(committer);
    await command(world, committer, { kind: "renewKeys" });
    await runUntil(world, () => present.every((each) => epochOf(each) > at), world.nowMs + 2 * HOUR_MS);
    await runFor(world, 60_000);
  }
}

function fallAsleep(): void {
  vanish(world, [sleeper]);
  sleeper.wakeAtMs = undefined;
}

describe("A member that is away", () => {
  test("counts as absent once it has not helped to close three epochs, at all others", async () => {
    fallAsleep();
    await closeEpochs(3);
    expect(present.map((viewer) => seen(viewer, sleeper).absent)).toEqual(present.map(() => false));
    await closeEpochs(1);
    expect(present.map((viewer) => seen(viewer, sleeper).absent)).toEqual(present.map(() => true));
    for (const each of present) expect(seen(present[0] as Member, each).absent).toBe(false);
  });

  test("is not elected any more, and is elected again after its return", async () => {
    fallAsleep();
    await closeEpochs(8);
    expect(stewardsOf(present[0] as Member)).not.toContain(sleeper.id);
    expect(shareEpoch(present)).toBe(true);
    world.arrives = () => true;
    await take(world, sleeper, { kind: "resumed" });
    await runFor(world, 10 * 60_000);
    expect(shareEpoch(world.members)).toBe(true);
    expect(present.map((viewer) => seen(viewer, sleeper).absent)).toEqual(present.map(() => false));
    const elected = new Set<string>();
    for (let round = 0; round < 8; round++) {
      await closeEpochs(1);
      for (const steward of stewardsOf(present[0] as Member)) elected.add(steward);
    }
    expect(elected).toContain(sleeper.id);
  });

  test("delays no commit as a steward, once it counts as absent", async () => {
    fallAsleep();
    await closeEpochs(5);
    const newcomer = await join(world, "frank");
    const freezes = () =>
      eventsOf(present[0] as Member, "phaseChanged").filter(({ phase }) => phase === "freezing");
    const before = freezes().length;
    await runUntil(world, () => freezes().length > before);
    const frozenAtMs = world.nowMs;
    await runUntil(world, () => newcomer.state.phase === "working");
    expect(world.nowMs - frozenAtMs).toBeLessThan(5_000);
  });

  test("is not removed for that; a vote of the others removes it", async () => {
    fallAsleep();
    await closeEpochs(4);
    await runFor(world, 24 * HOUR_MS);
    expect(snapshotAt(present[0] as Member).members).toHaveLength(5);
    await ban(world, present[0] as Member, sleeper);
    await runFor(world, 10 * 60_000);
    expect(present.map((member) => snapshotAt(member).members.length)).toEqual([4, 4, 4, 4]);
  });
});

describe("The time at which a member was last seen", () => {
  test("is known to a quarter of an hour, and not of the member itself", async () => {
    const viewer = present[0] as Member;
    await send(world, sleeper, "hello");
    await runFor(world, 1_000);
    fallAsleep();
    const lastSeen = seen(viewer, sleeper).lastSeenWallMs as number;
    expect(lastSeen % QUARTER_MS).toBe(0);
    await runFor(world, 5 * HOUR_MS);
    expect(seen(viewer, sleeper).lastSeenWallMs).toBe(lastSeen);
    const other = seen(viewer, present[1] as Member).lastSeenWallMs as number;
    expect(other).toBeGreaterThan(lastSeen + 4 * HOUR_MS);
    expect(seen(viewer, viewer).lastSeenWallMs).toBeUndefined();
  });

  test("is unknown in a de-mls-3 conversation", async () => {
    const { world: plain } = await gather(["alice", "bob"], { mode: "de-mls-3" });
    const [alice, bob] = plain.members as [Member, Member];
    await send(plain, bob, "hello");
    await runFor(plain, 1_000);
    expect(seen(alice, bob)).toMatchObject({ lastSeenWallMs: undefined, absent: false });
  });
});
