import { beforeEach, describe, expect, test } from "vitest";
import {
  additionOf,
  approve,
  approveBan,
  epochOf,
  eventsOf,
  fork,
  gather,
  rolesOf,
  runFor,
  runUntil,
  send,
  shareEpoch,
  stranger,
  take,
  textsOf,
  vanish,
  type Member,
  type World,
} from "../harness/index.js";
import { answersIn, overhear, requestsIn, type Overheard } from "./material.js";

const settled = await gather(["alice", "bob", "carol", "dave", "erin"], { mode: "strict", fakes: true });
await runFor(settled.world, 300_000);

/** Generations that a start skips. */
const SKIPPED = 32;

let world: World;
let steward: Member, writer: Member, reader: Member, target: Member;
let overheard: Overheard[];

beforeEach(async () => {
  ({ world } = await fork(settled.world));
  [steward, writer, reader, target] = rolesOf(world);
  overheard = overhear(world);
});

/** Skips generations as the start of a process does, without its requests. */
async function skip(member: Member): Promise<void> {
  const { mls, state } = member;
  const { handshake, application } = mls.generations(state.group);
  const group = await mls.skipGenerations(state.group, { handshake, application: application + SKIPPED });
  member.state = { ...state, group };
}

describe("Generations that a writer has skipped", () => {
  test("are named as void in its answer to a member that misses them, and do not count as missed", async () => {
    await skip(writer);
    await send(world, writer, "after the start");
    await runFor(world, 4_000);
    const [first] = answersIn(overheard).filter(({ message }) => message.voids.length > 0);
    expect(first).toMatchObject({ from: writer.name, message: { voids: [{ count: SKIPPED }] } });
    await runFor(world, 60_000);
    expect(textsOf(reader)).toEqual(["after the start"]);
    for (const member of world.members) expect(eventsOf(member, "missed")).toEqual([]);
  });

  test("are named also once the writer is in a later epoch, so that a member that was away is not held up", async () => {
    await skip(writer);
    await send(world, writer, "after the start");
    await runFor(world, 500);
    vanish(world, [reader]);
    reader.wakeAtMs = undefined;
    for (const number of [1, 2]) {
      const epoch = epochOf(steward);
      await approve(world, await additionOf(world, stranger(number), `${number}`));
      await runUntil(world, () => epochOf(steward) > epoch && epochOf(writer) > epoch);
    }
    world.arrives = () => true;
    await take(world, reader, { kind: "resumed" });
    await runFor(world, 8_000);
    expect(shareEpoch([steward, writer, reader])).toBe(true);
    expect(eventsOf(reader, "missed")).toEqual([]);
  });

  test("are not named while the others may have packets of an earlier life", async () => {
    await skip(writer);
    await send(world, writer, "after the start");
    await take(world, writer, { kind: "resumed" });
    await runFor(world, 900);
    const voids = overheard.flatMap(({ from, message }) =>
      from === writer.name && "voids" in message ? message.voids : [],
    );
    expect(voids).toEqual([]);
  });

  test("do not hide from the writer that its messages are received", async () => {
    await skip(writer);
    await send(world, writer, "after the start");
    await runFor(world, 300_000);
    expect(writer.state.repair.delivered).toBe(writer.mls.generations(writer.state.group).application);
  });
});

test("A member that starts asks for the last packets of the epoch before, too, however long ago that ended", async () => {
  await approveBan(world, steward, target);
  await runUntil(world, () => !reader.state.group.members.includes(target.id));
  await runFor(world, 60_000);
  const asked = (): number => requestsIn(overheard).filter(({ from }) => from === reader.name).length;
  const before = asked();
  await take(world, reader, { kind: "resumed" });
  await runFor(world, 0);
  expect(asked() - before).toBe(2);
  await runFor(world, 3_600_000);
  const later = asked();
  await take(world, reader, { kind: "resumed" });
  await runFor(world, 0);
  expect(asked() - later).toBe(2);
});
