import { expect, test } from "vitest";
import {
  advance,
  ban,
  castOf,
  epochStewardOf,
  eventsOf,
  fork,
  gather,
  isSynced,
  leave,
  type Member,
  rejoin,
  send,
  settle,
  shareEpoch,
  stewardsOf,
  until,
  type World,
} from "../harness/index.js";

const settled = await gather(["alice", "bob", "carol", "dave"]);

async function begin(): Promise<{ world: World; comer: Member; others: readonly Member[] }> {
  const { world, members } = await fork(settled.world);
  const [comer] = castOf(world).others;
  return { world, comer, others: members.filter((member) => member !== comer) };
}

async function comeBack(world: World, comer: Member): Promise<void> {
  await advance(world, 30_000);
  await rejoin(world, comer);
  await until(world, () => comer.state.phase === "working" && isSynced(comer));
  await advance(world, 30_000);
}

test("a banned member can join again and chat", async () => {
  const { world, comer, others } = await begin();
  await ban(world, others[0] as Member, comer);
  await until(world, () => comer.state.phase === "ended");
  await comeBack(world, comer);
  expect(shareEpoch([comer, ...others])).toBe(true);
  await send(world, comer, "back again");
  await settle(world);
  for (const member of others) expect(eventsOf(member, "message")).toMatchObject([{ text: "back again" }]);
});

test("a leave that is requested twice is proposed once", async () => {
  const { world, comer, others } = await begin();
  await leave(world, comer);
  await leave(world, comer);
  await settle(world);
  expect(eventsOf(comer, "ownProposalSubmitted")).toHaveLength(1);
  for (const member of others) expect(member.state.changes.approved).toHaveLength(1);
});

test("a leave and a ban of one member are one removal", async () => {
  const { world, comer, others } = await begin();
  await ban(world, others[0] as Member, comer);
  await leave(world, comer);
  await until(world, () => comer.state.phase === "ended");
  await settle(world);
  for (const member of others) {
    expect(member.state.group?.members).not.toContain(comer.id);
    expect(eventsOf(member, "commitApplied")).toMatchObject([{ changes: [{}] }]);
  }
  expect(shareEpoch(others)).toBe(true);
});

test("a listed steward that leaves is replaced by an election at once, in parallel to the commit", async () => {
  const { world, others } = await begin();
  const steward = epochStewardOf(world, others[0] as Member);
  const staying = world.members.filter((member) => member !== steward);
  await leave(world, steward);
  await settle(world);
  for (const member of staying) {
    expect(eventsOf(member, "voteRequested").at(-1)?.request.kind).toBe("electStewards");
  }
  await until(world, () => steward.state.phase === "ended");
  await settle(world);
  for (const member of staying) expect(stewardsOf(member)).not.toContain(steward.id);
  expect(shareEpoch(staying)).toBe(true);
});

test("an ended conversation ignores packets and rejects commands", async () => {
  const { world, comer, others } = await begin();
  await ban(world, others[0] as Member, comer);
  await until(world, () => comer.state.phase === "ended");
  const seen = comer.events.length;
  await send(world, others[0] as Member, "gone?");
  await settle(world);
  expect(comer.outcomes.at(-1)).toEqual({ kind: "ignored", reason: "conversation-ended" });
  expect(comer.events).toHaveLength(seen);
  await expect(leave(world, comer)).rejects.toMatchObject({
    code: "not-joined",
    field: "conversation",
  });
  const chat = send(world, comer, "hello?", 2);
  await expect(chat).rejects.toMatchObject({ code: "not-joined" });
});
