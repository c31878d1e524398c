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
import { alter } from "../harness/state.js";

const names = ["alice", "bob", "carol", "dave"];
const settled = await gather(names);
const strict = await gather(names, { mode: "strict", fakes: true });

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
async function enter(from: World): Promise<void> {
  ({ world } = await fork(from));
  [target] = castOf(world).others;
  [reader, writer] = world.members.filter((member) => member !== target) as [Member, Member];
  fromWriter = await chat(writer);
  fromTarget = await chat(target);
  await ban(world, reader, target);
  await until(world, () => reader.state.group?.members.includes(target.id) === false);
}

describe("A message of the previous epoch", () => {
  beforeEach(() => enter(settled.world));

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

describe("In strict mode, a message of the previous epoch", () => {
  beforeEach(async () => {
    await enter(strict.world);
    world.nowMs += LIMITS.pastEpochChatMs + 1;
  });

  test("is delivered as long as its keys are there", async () => {
    expect(await receive(world, reader, fromWriter)).toMatchObject({ kind: "accepted", what: "message" });
    expect(eventsOf(reader, "message")).toMatchObject([{ sender: writer.id, text: "from before" }]);
    expect(eventsOf(reader, "missed")).toEqual([]);
  });

  test("counts as missed if its sender has renewed its signature key since: the former one may be stolen", async () => {
    const { repair } = reader.state;
    const epochs = repair.epochs.map((epoch) => ({
      ...epoch,
      roster: epoch.roster.map((entry) => ({ ...entry, signatureKey: new Uint8Array(32) })),
    }));
    alter(reader, "repair", { epochs });
    expect(await receive(world, reader, fromWriter)).toEqual({ kind: "ignored", reason: "past-epoch" });
    expect(eventsOf(reader, "message")).toEqual([]);
    expect(eventsOf(reader, "missed")).toMatchObject([{ sender: writer.id, count: 1 }]);
  });
});
