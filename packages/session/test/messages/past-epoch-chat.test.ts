import { utf8ToBytes, type Packet } from "@demls/wire/core";
import { beforeEach, describe, expect, test } from "vitest";
import { LIMITS } from "../../src/step/index.js";
import {
  ban,
  castOf,
  eventsOf,
  fork,
  gather,
  receive,
  sealed,
  until,
  type Member,
  type World,
} from "../harness/index.js";

const settled = await gather(["alice", "bob", "carol", "dave"]);

let world: World;
let reader: Member;
let writer: Member;
let target: Member;
let fromWriter: Packet;
let fromTarget: Packet;

function chat(from: Member): Promise<Packet> {
  const message = utf8ToBytes("from before");
  return sealed(from, { kind: "conversation_message", message, sender: "", conversationName: "garden" });
}

/** Encrypts two messages, one by a member that is removed before they are delivered. */
beforeEach(async () => {
  ({ world } = await fork(settled.world));
  [target] = castOf(world).others;
  [reader, writer] = world.members.filter((member) => member !== target) as [Member, Member];
  fromWriter = await chat(writer);
  fromTarget = await chat(target);
  await ban(world, reader, target);
  await until(world, () => reader.state.group?.members.includes(target.id) === false);
});

describe("A message of the previous epoch", () => {
  test("is delivered if its sender is still a member", async () => {
    expect(await receive(world, reader, fromWriter)).toMatchObject({ kind: "accepted", what: "message" });
    expect(eventsOf(reader, "message")).toMatchObject([{ sender: writer.id, text: "from before" }]);
  });

  test("is rejected if its sender was removed", async () => {
    expect(await receive(world, reader, fromTarget)).toEqual({
      kind: "rejected",
      reason: "not-a-member",
      sender: target.id,
    });
    expect(eventsOf(reader, "message")).toEqual([]);
  });

  test("is delivered for a limited time", async () => {
    const another = fromWriter;
    world.nowMs += LIMITS.pastEpochChatMs + 1;
    expect(await receive(world, reader, another)).toEqual({ kind: "ignored", reason: "past-epoch" });
    expect(eventsOf(reader, "message")).toEqual([]);
  });
});
