import { utf8ToBytes } from "@demls/wire/core";
import { expect, test } from "vitest";
import { removeRequest } from "../../src/model/request.js";
import {
  agree,
  command,
  deliver,
  epochStewardOf,
  eventsOfKind,
  fork,
  garden,
  knockAgain,
  propose,
  run,
  runUntil,
  stewardsOf,
  type Member,
  type World,
} from "../harness/stepwise.js";

const settled = await garden(["alice", "bob", "carol", "dave"]);

async function begin(): Promise<{ world: World; comer: Member; others: readonly Member[] }> {
  const { world, members } = await fork(settled.world);
  const list = stewardsOf(members[0] as Member);
  const comer = members.find(({ id }) => !list.includes(id)) as Member;
  return { world, comer, others: members.filter((member) => member !== comer) };
}

async function comeBack(world: World, comer: Member): Promise<void> {
  await run(world, 30_000);
  await knockAgain(world, comer);
  await runUntil(world, () => comer.state.phase === "working" && comer.state.synced);
  await run(world, 30_000);
}

test("a banned member can be let in again, and talk", async () => {
  const { world, comer, others } = await begin();
  await propose(world, others[0] as Member, removeRequest(comer.id));
  await runUntil(world, () => comer.state.phase === "ended");
  await comeBack(world, comer);
  expect(agree([comer, ...others])).toBe(true);
  await command(world, comer, { kind: "send", ticket: 1, content: utf8ToBytes("back again") });
  await deliver(world);
  for (const member of others)
    expect(eventsOfKind(member, "message")).toMatchObject([{ text: "back again" }]);
});

test("a leave that is asked for twice is proposed once", async () => {
  const { world, comer, others } = await begin();
  await command(world, comer, { kind: "leave" });
  await command(world, comer, { kind: "leave" });
  await deliver(world);
  expect(eventsOfKind(comer, "ownProposalSubmitted")).toHaveLength(1);
  for (const member of others) expect(member.state.approved).toHaveLength(1);
});

test("a leave and a ban of one member are one removal", async () => {
  const { world, comer, others } = await begin();
  await propose(world, others[0] as Member, removeRequest(comer.id));
  await command(world, comer, { kind: "leave" });
  await runUntil(world, () => comer.state.phase === "ended");
  await deliver(world);
  for (const member of others) {
    expect(member.state.group?.members).not.toContain(comer.id);
    expect(eventsOfKind(member, "commitApplied")).toMatchObject([{ changes: [{}] }]);
  }
  expect(agree(others)).toBe(true);
});

test("a listed steward that leaves is replaced by an election at once, beside the commit", async () => {
  const { world, others } = await begin();
  const steward = epochStewardOf(world, others[0] as Member);
  const staying = world.members.filter((member) => member !== steward);
  await command(world, steward, { kind: "leave" });
  await deliver(world);
  for (const member of staying) {
    expect(eventsOfKind(member, "voteRequested").at(-1)?.request.kind).toBe("steward_election");
  }
  await runUntil(world, () => steward.state.phase === "ended");
  await deliver(world);
  for (const member of staying) expect(stewardsOf(member)).not.toContain(steward.id);
  expect(agree(staying)).toBe(true);
});

test("after its end a conversation ignores packets and commands say so", async () => {
  const { world, comer, others } = await begin();
  await propose(world, others[0] as Member, removeRequest(comer.id));
  await runUntil(world, () => comer.state.phase === "ended");
  const seen = comer.events.length;
  await command(world, others[0] as Member, { kind: "send", ticket: 1, content: utf8ToBytes("gone?") });
  await deliver(world);
  expect(comer.outcomes.at(-1)).toEqual({ kind: "ignored", reason: "conversation-ended" });
  expect(comer.events).toHaveLength(seen);
  await expect(command(world, comer, { kind: "leave" })).rejects.toMatchObject({
    code: "not-joined",
    field: "conversation",
  });
  const chat = command(world, comer, { kind: "send", ticket: 2, content: utf8ToBytes("hello?") });
  await expect(chat).rejects.toMatchObject({ code: "not-joined" });
});
