import { memberIdFromBytes, type Packet } from "@demls/wire/core";
import { expect, test } from "vitest";
import {
  additionOf,
  deliver,
  eventsOf,
  gather,
  isSynced,
  join,
  propose,
  receive,
  required,
  runFor,
  runUntil,
  stranger,
} from "../harness/index.js";

const DAY_MS = 86_400_000;

test("A joiner judges further guests once its ConversationSync has told it the newcomers, and refuses none before", async () => {
  const config = { probationMs: DAY_MS, guestShare: 3 };
  const { world } = await gather(["alice"], { mode: "strict", fakes: true, config });
  const alice = required(world.members[0]);
  const bob = await join(world, "bob");
  const held: Packet[] = [];
  world.arrives = ({ to, packet }) => {
    if (to !== bob || packet.subtopic === "welcome") return true;
    held.push(packet);
    return false;
  };
  world.repairs = false;
  await runUntil(world, () => bob.state.phase === "working");
  await deliver(world);
  world.arrives = () => true;
  expect(isSynced(bob)).toBe(false);

  // The founder alone is settled and may let in any number. Bob, who does not know that he is a newcomer, would refuse the
  // second one.
  const guests = [stranger(1), stranger(2)];
  for (const [index, guest] of guests.entries())
    await propose(world, alice, await additionOf(world, guest, `guest ${index}`));
  await deliver(world);
  expect(bob.state.votes.bufferedProposals).toHaveLength(2);
  expect(eventsOf(bob, "voteRequested")).toEqual([]);

  for (const packet of held) await receive(world, bob, packet);
  await deliver(world);
  expect(isSynced(bob)).toBe(true);
  expect(eventsOf(bob, "voteRequested").map(({ defaultVote }) => defaultVote)).toEqual([true, true]);
  await runFor(world, 5 * 60_000);
  expect(bob.state.group.members).toEqual(expect.arrayContaining(guests.map(memberIdFromBytes)));
});
