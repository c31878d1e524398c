import { memberIdToBytes, type Packet } from "@demls/wire/core";
import { beforeEach, describe, expect, test } from "vitest";
import { LIMITS } from "../../src/step/index.js";
import {
  castOf,
  fork,
  gather,
  inventedKeyPackage,
  receive,
  sealed,
  type Member,
  type World,
} from "../harness/index.js";

const settled = await gather(["alice", "bob", "carol", "dave"]);
const invented = await Promise.all(
  Array.from({ length: LIMITS.pendingInvitations + 1 }, (_, i) => inventedKeyPackage(settled.world, i)),
);

let world: World;
/** Opens no automatic vote. */
let reader: Member;
let asker: Member;
let target: Member;

beforeEach(async () => {
  ({ world } = await fork(settled.world));
  const { stewards, others } = castOf(world);
  [reader, asker] = others;
  [target] = stewards;
});

function banRequest(): Promise<Packet> {
  const userToBan = memberIdToBytes(target.id);
  return sealed(asker, { kind: "ban_request", userToBan, conversationName: "garden" });
}

describe("Key packages of strangers that fill the buffer", () => {
  const last = invented.at(-1) as Packet;

  beforeEach(async () => {
    for (const packet of invented.slice(0, -1)) {
      expect(await receive(world, reader, packet)).toMatchObject({ kind: "accepted" });
    }
  });

  test("make further ones rejected, with a reason", async () => {
    expect(await receive(world, reader, last)).toEqual({ kind: "ignored", reason: "buffer-full" });
    expect(await receive(world, reader, invented[0] as Packet)).toEqual({
      kind: "ignored",
      reason: "already-buffered",
    });
  });

  test("leave the bound of members' removals unaffected", async () => {
    expect(await receive(world, reader, await banRequest())).toMatchObject({ kind: "accepted" });
    expect(reader.state.changes.pending.has(target.id)).toBe(true);
  });

  test("are evicted after the maximum age, even without a new epoch", async () => {
    world.nowMs += LIMITS.pendingUpdateAgeMs + 1;
    expect(await receive(world, reader, last)).toMatchObject({ kind: "accepted" });
    expect(reader.state.changes.pending.size).toBe(1);
  });
});
