import type { Packet } from "@demls/wire/core";
import { beforeEach, describe, expect, test } from "vitest";
import type { Conversation } from "../../src/index.js";
import { createInboundGate } from "../../src/runtime/inbound-gate.js";
import { LIMITS } from "../../src/step/index.js";
import { eventsOf, gather, openScene, settle, textsOf, type Person, type Scene } from "../harness/index.js";

let scene: Scene, alice: Person, bob: Person;
let atAlice: Conversation;

beforeEach(async () => {
  ({ scene, alice, bob } = await openScene({ seed: "inbound flood", fakes: true }, "alice", "bob"));
  [atAlice] = await gather(scene, "garden", alice, bob);
});

function noise(bytes: number): Packet {
  const appId = new Uint8Array(16).fill(3);
  return {
    conversationId: "garden",
    subtopic: "app_msg",
    appId,
    payload: new Uint8Array(bytes).fill(0xff),
  };
}

/** Number of packets of a flood that bob's conversation reports as dropped. */
async function flood(packets: number, bytes: number): Promise<{ read: number; dropped: number }> {
  const before = bob.inbound.length;
  for (let i = 0; i < packets; i++) scene.network.inject(noise(bytes));
  await settle(scene);
  const reports = bob.inbound.slice(before);
  const dropped = reports.filter(
    ({ outcome }) => outcome.kind === "ignored" && outcome.reason === "queue-full",
  ).length;
  return { read: reports.length - dropped, dropped };
}

describe("Packets that come faster than they can be read", () => {
  test("wait up to a number; the newest beyond it are dropped, reported each, and once as an error", async () => {
    const { read, dropped } = await flood(LIMITS.inboundPackets + 100, 10);
    expect(dropped).toBeGreaterThan(0);
    expect(read).toBeGreaterThanOrEqual(LIMITS.inboundPackets);
    expect(read + dropped).toBe(LIMITS.inboundPackets + 100);
    expect(eventsOf(bob, "error").filter(({ operation }) => operation === "inboundQueue")).toHaveLength(1);
  });

  test("wait up to so many bytes together", async () => {
    const size = 1_000_000;
    const { read, dropped } = await flood(2 * Math.ceil(LIMITS.inboundBytes / size), size);
    expect(dropped).toBeGreaterThan(0);
    expect(read).toBeLessThanOrEqual(Math.ceil(LIMITS.inboundBytes / size) + 1);
  });

  test("hold up nothing that comes when they are read", async () => {
    await flood(LIMITS.inboundPackets + 100, 10);
    await atAlice.send("after the flood");
    await settle(scene);
    expect(textsOf(bob)).toEqual(["after the flood"]);
    await flood(LIMITS.inboundPackets + 100, 10);
    expect(eventsOf(bob, "error").filter(({ operation }) => operation === "inboundQueue")).toHaveLength(2);
  });
});

test("The conversations of a user share a bound, beyond which each still takes one packet", () => {
  const all = { packets: 0, bytes: 0 };
  const clock = { monotonicMs: () => 0 };
  const each = LIMITS.inboundBytes / 1_048_576;
  const flooded = Array.from({ length: 8 }, () => createInboundGate(clock, all));
  for (const admission of flooded) for (let i = 0; i < each; i++) admission.admit(noise(1_048_576));
  expect(all.bytes).toBeLessThanOrEqual(LIMITS.inboundBytesOfAll + flooded.length * 1_048_576);
  expect(all.bytes).toBeGreaterThan(LIMITS.inboundBytesOfAll - 1_048_576);

  const quiet = createInboundGate(clock, all);
  const refusals = [1, 2].map(() => quiet.admit(noise(10)).refusal);
  expect(refusals).toEqual([undefined, "queue-full"]);
  quiet.release(noise(10));
  expect(quiet.admit(noise(10)).refusal).toBeUndefined();

  for (let i = 0; i < each; i++) flooded[0]?.release(noise(1_048_576));
  expect(quiet.admit(noise(10)).refusal).toBeUndefined();
});
