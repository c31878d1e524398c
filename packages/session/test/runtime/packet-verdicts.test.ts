import type { Packet, PacketVerdict } from "@demls/wire/core";
import { beforeEach, describe, expect, test } from "vitest";
import type { Conversation } from "../../src/index.js";
import { LIMITS } from "../../src/step/index.js";
import { gather, openScene, settle, type Person, type Scene } from "../harness/index.js";

let scene: Scene, alice: Person, bob: Person;
let atAlice: Conversation;
let verdicts: { readonly packet: Packet; readonly verdict: PacketVerdict }[];

beforeEach(async () => {
  ({ scene, alice, bob } = await openScene("packet verdicts", "alice", "bob"));
  [atAlice] = await gather(scene, "garden", alice, bob);
  verdicts = [];
  bob.transport.noteVerdict = (packet, verdict) => verdicts.push({ packet, verdict });
});

describe("A transport with packet verdicts", () => {
  test("receives the verdict passed for a member's message, with the delivered packet", async () => {
    await atAlice.send("hello");
    await settle(scene);
    expect(verdicts.map(({ verdict }) => verdict)).toEqual(["passed"]);
    expect(bob.inbound.map(({ packet }) => packet)).toContain(verdicts[0]?.packet);
  });

  test.each(["app_msg", "welcome", "elsewhere"])(
    "receives the verdict forged for invalid bytes on %s",
    async (subtopic) => {
      const [payload, appId] = [new Uint8Array(64).fill(0xff), new Uint8Array(16).fill(3)];
      scene.network.inject({ conversationId: "garden", subtopic, payload, appId });
      await settle(scene);
      expect(verdicts.map(({ verdict }) => verdict)).toEqual(["forged"]);
    },
  );

  test("receives the verdict unjudged for a repeated message: its key is used", async () => {
    await atAlice.send("hello");
    await settle(scene);
    const [message] = verdicts.splice(0);
    if (message) scene.network.inject({ ...message.packet });
    await settle(scene);
    expect(verdicts.map(({ verdict }) => verdict)).toEqual(["unjudged"]);
  });

  test("receives the verdict unjudged for each packet beyond the bound of the queue", async () => {
    const [payload, appId] = [new Uint8Array(10).fill(0xff), new Uint8Array(16).fill(3)];
    for (let i = 0; i < LIMITS.inboundPackets + 100; i++)
      scene.network.inject({ conversationId: "garden", subtopic: "app_msg", payload, appId });
    await settle(scene);
    expect(new Set(verdicts.map(({ verdict }) => verdict))).toEqual(new Set(["unjudged", "forged"]));
    expect(verdicts).toHaveLength(LIMITS.inboundPackets + 100);
  });
});
