import { memberIdToBytes, type Packet } from "@demls/wire/core";
import { beforeEach, describe, expect, test } from "vitest";
import { LIMITS } from "../../src/step/index.js";
import {
  fork,
  gather,
  inventedKeyPackage,
  receive,
  sealed,
  stewardsOf,
  type Member,
  type World,
} from "../harness/index.js";

const settled = await gather(["alice", "bob", "carol", "dave"]);
const invented = await Promise.all(
  Array.from({ length: LIMITS.pendingInvitations + 1 }, (_, i) => inventedKeyPackage(settled.world, i)),
);

let world: World;
/** Opens no vote by itself. */
let reader: Member;
let asker: Member;
let target: Member;

beforeEach(async () => {
  ({ world } = await fork(settled.world));
  const list = stewardsOf(world.members[0] as Member);
  [reader, asker] = world.members.filter(({ id }) => !list.includes(id)) as [Member, Member];
  target = world.members.find(({ id }) => list.includes(id)) as Member;
});

function banRequest(): Promise<Packet> {
  const userToBan = memberIdToBytes(target.id);
  return sealed(asker, { kind: "ban_request", userToBan, conversationName: "garden" });
}

describe("Strangers that fill the buffer with key packages", () => {
  const last = invented.at(-1) as Packet;

  beforeEach(async () => {
    for (const packet of invented.slice(0, -1)) {
      expect(await receive(world, reader, packet)).toMatchObject({ kind: "accepted" });
    }
  });

  test("leave no room for one more, and it is said why", async () => {
    expect(await receive(world, reader, last)).toEqual({ kind: "ignored", reason: "buffer-full" });
    expect(await receive(world, reader, invented[0] as Packet)).toEqual({
      kind: "ignored",
      reason: "already-buffered",
    });
  });

  test("leave members' wishes their own room", async () => {
    expect(await receive(world, reader, await banRequest())).toMatchObject({ kind: "accepted" });
    expect(reader.state.pendingUpdates.has(target.id)).toBe(true);
  });

  test("keep nobody out for longer than a key package is waited with, though no epoch passes", async () => {
    world.nowMs += LIMITS.pendingUpdateAgeMs + 1;
    expect(await receive(world, reader, last)).toMatchObject({ kind: "accepted" });
    expect(reader.state.pendingUpdates.size).toBe(1);
  });
});
