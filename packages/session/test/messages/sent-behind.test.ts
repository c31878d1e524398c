import { beforeEach, describe, expect, test } from "vitest";
import {
  approve,
  additionOf,
  epochOf,
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

const settled = await gather(["alice", "bob", "carol", "dave", "erin"], { mode: "strict", fakes: true });
await runFor(settled.world, 60_000);

let world: World;
let steward: Member, writer: Member, others: readonly Member[];

beforeEach(async () => {
  ({ world } = await fork(settled.world));
  [steward, , writer] = rolesOf(world);
  others = world.members.filter((member) => member !== writer);
});

/** The others make two commits while the writer hears nothing; then it hears them again. */
async function fallBehind(): Promise<void> {
  vanish(world, [writer]);
  writer.wakeAtMs = undefined;
  for (const number of [1, 2]) {
    const epoch = epochOf(steward);
    await approve(world, await additionOf(world, stranger(number), `${number}`));
    await runUntil(world, () => others.every((member) => epochOf(member) > epoch));
  }
  world.arrives = () => true;
}

async function comeBack(): Promise<void> {
  writer.online = true;
  await take(world, writer, { kind: "resumed" });
  await runUntil(world, () => shareEpoch(world.members));
  await runFor(world, 5_000);
}

describe("A message that the others could not open, because they had left its epoch", () => {
  test("is sent again once its writer has caught up, if it was not published before", async () => {
    writer.online = false;
    await send(world, writer, "late");
    await fallBehind();
    await comeBack();
    for (const member of others) expect(textsOf(member)).toEqual(["late"]);
  });

  test("is sent again if its writer was cut off, in the order of writing", async () => {
    const before = epochOf(writer);
    vanish(world, [writer]);
    for (const text of ["one", "two"]) await send(world, writer, text);
    await fallBehind();
    expect(epochOf(writer)).toBe(before);
    await comeBack();
    for (const member of others) expect(textsOf(member)).toEqual(["one", "two"]);
  });

  test("is forgotten when it has been sent again and a commit follows", async () => {
    writer.online = false;
    await send(world, writer, "late");
    await fallBehind();
    await comeBack();
    expect(writer.state.chat.sent).toHaveLength(1);
    const epoch = epochOf(writer);
    await approve(world, await additionOf(world, stranger(3), "3"));
    await runUntil(world, () => epochOf(writer) > epoch);
    expect(writer.state.chat.sent).toEqual([]);
  });
});

test("A message that another member reports to have is not sent again by a writer that was behind", async () => {
  await send(world, writer, "known");
  await runFor(world, 600_000);
  expect(writer.state.repair.delivered).toBeGreaterThan(0);
  await fallBehind();
  await comeBack();
  for (const member of others) {
    expect(textsOf(member)).toEqual(["known"]);
    expect(member.outcomes).not.toContainEqual(expect.objectContaining({ reason: "known-message" }));
  }
});
