import { describe, expect, test } from "vitest";
import {
  advance,
  create,
  createWorld,
  eventsOf,
  isSynced,
  join,
  type Member,
  send,
  until,
  type World,
} from "../harness/index.js";

/** A founder that has just added a second member. */
async function afterTheFirstCommit(
  options: Parameters<typeof createWorld>[0],
): Promise<{ world: World; alice: Member; bob: Member }> {
  const world = createWorld(options);
  const alice = await create(world, "alice");
  const bob = await join(world, "bob");
  await until(world, () => alice.state.group?.epoch === 1n);
  return { world, alice, bob };
}

function elections(member: Member): number {
  return eventsOf(member, "ownProposalSubmitted").filter(({ request }) => request.kind === "electStewards")
    .length;
}

/** 3.0.0 members drop messages of an epoch that they have not entered (weaknesses W6 and W13). */
describe("The committer, if 3.0.0 members may be in the group,", () => {
  test("sends the welcome at once, and the ConversationSync a quarter of a second later", async () => {
    const { world, alice, bob } = await afterTheFirstCommit({ config: { quietAfterCommitMs: 250 } });
    expect(bob.state.group?.epoch).toBe(1n);
    expect(isSynced(bob)).toBe(false);
    expect(alice.state.outbox.entries).toHaveLength(1);
    await advance(world, 249);
    expect(isSynced(bob)).toBe(false);
    await advance(world, 1);
    expect(isSynced(bob)).toBe(true);
  });

  test("opens the epoch's votes after the quiet time, so that its own vote is in time", async () => {
    const { world, alice, bob } = await afterTheFirstCommit({ config: { quietAfterCommitMs: 250 } });
    await advance(world, 249);
    expect(elections(alice)).toBe(0);
    await advance(world, 1);
    expect(elections(alice)).toBe(1);
    expect(eventsOf(bob, "voteRequested").at(-1)?.request.kind).toBe("electStewards");
    expect(eventsOf(bob, "voteCast")).toEqual([]);
  });

  test("delays chat by the quiet time", async () => {
    const { world, alice, bob } = await afterTheFirstCommit({ config: { quietAfterCommitMs: 250 } });
    await send(world, alice, Uint8Array.of(1));
    await advance(world, 249);
    expect(eventsOf(bob, "message")).toEqual([]);
    await advance(world, 1);
    expect(eventsOf(bob, "message")).toHaveLength(1);
  });
});

describe("There is no quiet after a commit", () => {
  test.each([
    ["in a strict conversation", { mode: "strict" as const, config: { quietAfterCommitMs: 250 } }],
    ["where it is set to nothing", { config: { quietAfterCommitMs: 0 } }],
  ])("%s", async (_where, options) => {
    const { alice, bob } = await afterTheFirstCommit(options);
    expect(isSynced(bob)).toBe(true);
    expect(elections(alice)).toBe(1);
    expect(alice.state.outbox.entries).toEqual([]);
  });
});

test("The quiet time also applies to the joiner of the commit", async () => {
  const { world, alice, bob } = await afterTheFirstCommit({ config: { quietAfterCommitMs: 250 } });
  await send(world, bob, Uint8Array.of(1));
  await advance(world, 249);
  expect(eventsOf(alice, "message")).toEqual([]);
  await advance(world, 1);
  expect(eventsOf(alice, "message")).toHaveLength(1);
});

test("The quiet time is at most half of a freeze or of the consensus timeout", async () => {
  const { world, alice } = await afterTheFirstCommit({ config: { quietAfterCommitMs: 250, freezeMs: 100 } });
  await advance(world, 49);
  expect(elections(alice)).toBe(0);
  await advance(world, 1);
  expect(elections(alice)).toBe(1);
});
