import { decodeRepairPacket } from "@demls/wire";
import { REPAIR_SUBTOPIC } from "@demls/wire/core";
import { beforeEach, describe, expect, test } from "vitest";
import type { Conversation } from "../../src/index.js";
import { advance, gather, openScene, settle, textsOf, type Person, type Scene } from "../harness/index.js";

let scene: Scene, alice: Person, bob: Person;
let atAlice: Conversation;

beforeEach(async () => {
  ({ scene, alice, bob } = await openScene("pauses", "alice", "bob"));
  [atAlice] = await gather(scene, "garden", alice, bob);
  // Quiet for so long that reports are minutes apart.
  await advance(scene, 1_200_000);
});

/** Number of packets that a user has published on a subtopic. */
function sentBy({ transport }: Person, subtopic: string): number {
  return transport.attempts.filter(({ packet }) => packet.subtopic === subtopic).length;
}

describe("A user whose wall clock moved without its monotonic clock", () => {
  test("sends a request with its next step", async () => {
    const before = sentBy(alice, REPAIR_SUBTOPIC);
    scene.clock.jumpWall(60_000);
    void atAlice.send("hello");
    await settle(scene);
    expect(sentBy(alice, REPAIR_SUBTOPIC)).toBe(before + 1);
    const last = alice.transport.attempts.findLast(({ packet }) => packet.subtopic === REPAIR_SUBTOPIC);
    expect(decodeRepairPacket(last?.packet.payload ?? new Uint8Array(0)).ok).toBe(true);
    // The message waits for the answer.
    await advance(scene, 2_000);
  });

  test("sends its message as soon as another member has answered", async () => {
    scene.clock.jumpWall(60_000);
    void atAlice.send("hello");
    await settle(scene);
    expect(textsOf(bob)).toEqual([]);
    await advance(scene, 2_000);
    expect(textsOf(bob)).toEqual(["hello"]);
  });
});

test("A user without a pause sends no request with its next step", async () => {
  const before = sentBy(alice, REPAIR_SUBTOPIC);
  await atAlice.send("hello");
  await settle(scene);
  expect(sentBy(alice, REPAIR_SUBTOPIC)).toBe(before);
});
