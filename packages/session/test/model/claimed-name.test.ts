import { utf8ToBytes } from "@demls/wire/core";
import { describe, expect, test } from "vitest";
import { LIMITS } from "../../src/model/limits.js";
import { snapshotOf } from "../../src/view/snapshot.js";
import {
  environmentOf,
  eventsOf,
  gatherInEachMode,
  join,
  send,
  sendUnchecked,
  settle,
  until,
  type Member,
  type World,
} from "../harness/index.js";

const inMode = await gatherInEachMode(["alice", "bob", "carol"]);

/** The names of the members, as one of them has them. */
function namesAt(world: World, member: Member): readonly (string | undefined)[] {
  return snapshotOf(member.state, environmentOf(world, member)).members.map(({ claimedName }) => claimedName);
}

/** Sends a chat message that claims a name. */
function claim(world: World, from: Member, sender: string): Promise<void> {
  const message = utf8ToBytes("hello");
  return sendUnchecked(world, from, {
    kind: "conversation_message",
    ...{ message, sender, conversationName: "garden" },
  });
}

describe("A name that a member claims, in strict mode", () => {
  test("is known to all members and to a joiner before its first message", async () => {
    const { world, members } = await inMode("strict");
    const dave = await join(world, "dave");
    await until(world, () => members.every(({ state }) => state.group?.members.length === 4));
    for (const member of [...members, dave])
      expect(namesAt(world, member)).toEqual(["alice", "bob", "carol", "dave"]);
  });

  test("comes with the request to vote on its key package", async () => {
    const { world, members } = await inMode("strict");
    await join(world, "dave");
    await until(world, () => members.some((member) => eventsOf(member, "voteRequested").length > 0));
    const requested = members.flatMap((member) => eventsOf(member, "voteRequested"));
    const joins = requested.filter(({ request }) => request.kind === "add");
    expect(new Set(joins.map(({ claimedName }) => claimedName))).toEqual(new Set(["dave"]));
  });

  test("is that of its leaf, whatever a message says", async () => {
    const { world, members } = await inMode("strict");
    const [alice, bob] = members as [Member, Member];
    await claim(world, bob, "SYSTEM");
    await settle(world);
    expect(eventsOf(alice, "message")).toMatchObject([{ sender: bob.id, claimedName: "bob" }]);
  });
});

describe("A name that a member claims, in de-mls-3 mode", () => {
  test("is that of its last message, its own name too", async () => {
    const { world, members } = await inMode("de-mls-3");
    const [alice, bob] = members as [Member, Member];
    expect(namesAt(world, alice)).toEqual([undefined, undefined, undefined]);
    await send(world, alice, "hello");
    await claim(world, bob, "Robert");
    await settle(world);
    expect(namesAt(world, alice)).toEqual(["alice", "Robert", undefined]);
    await claim(world, bob, "Bob");
    await settle(world);
    expect(namesAt(world, alice)).toEqual(["alice", "Bob", undefined]);
    expect(eventsOf(alice, "message").map(({ claimedName }) => claimedName)).toEqual(["Robert", "Bob"]);
  });

  test.each(["", "   ", "x".repeat(65), "ф".repeat(33), "Bob\nalice: yes", "\u202ebob", "bob\u0007"])(
    "is no text that would mislead or fill the screen: %j",
    async (text) => {
      const { world, members } = await inMode("de-mls-3");
      const [alice, bob] = members as [Member, Member];
      await claim(world, bob, "Robert");
      await claim(world, bob, text);
      await settle(world);
      expect(eventsOf(alice, "message").map(({ claimedName }) => claimedName)).toEqual(["Robert", "Robert"]);
    },
  );

  test("is forgotten beyond the bound, that noted first", async () => {
    const { world, members } = await inMode("de-mls-3");
    const [alice, bob] = members as [Member, Member];
    const strangers = Array.from({ length: LIMITS.claimedNames }, (_, i) => [String(i), "x"] as const);
    alice.state = {
      ...alice.state,
      chat: { ...alice.state.chat, names: new Map(strangers) as never },
    };
    await claim(world, bob, "Robert");
    await settle(world);
    const { names } = alice.state.chat;
    expect(names.size).toBe(LIMITS.claimedNames);
    expect(names.get(bob.id)).toBe("Robert");
    expect([...names.keys()]).not.toContain("0");
  });
});
