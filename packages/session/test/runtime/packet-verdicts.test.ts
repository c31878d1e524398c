import { JOIN_LIMITS, MIN_PROBE_BYTES, READINESS_BYTES } from "@demls/join";
import { encodeWelcomeMessage } from "@demls/wire";
import { JOIN_SUBTOPIC, type Packet, type PacketVerdict } from "@demls/wire/core";
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

  test("receives the verdict repeated for an announcement that is sent again at once: it is read once", async () => {
    const { bytes } = await alice.mls.generateKeyPackage();
    const payload = encodeWelcomeMessage({ kind: "user_key_package", keyPackageBytes: bytes });
    const announce = (number: number): void =>
      scene.network.inject({
        ...{ conversationId: "garden", subtopic: "welcome", payload },
        appId: new Uint8Array(16).fill(number % 256),
      });
    const read = (): number =>
      bob.inbound.filter(
        ({ packet, outcome }) =>
          packet.subtopic === "welcome" &&
          !("reason" in outcome && outcome.reason === "repeated-announcement"),
      ).length;
    const before = read();
    for (let number = 1; number <= 600; number++) announce(number);
    await settle(scene);
    expect(read() - before).toBe(1);
    expect(verdicts.map(({ verdict }) => verdict).toSorted()).toEqual([
      "passed",
      ...Array(599).fill("repeated"),
    ]);
    await scene.clock.advance(LIMITS.announcementPauseMs);
    announce(1);
    await settle(scene);
    expect(read() - before).toBe(2);
    expect(verdicts.filter(({ verdict }) => verdict === "repeated")).toHaveLength(599);
  });

  test.each([
    ["forged for noise on join", JOIN_SUBTOPIC, new Uint8Array(MIN_PROBE_BYTES).fill(1), "forged"],
    ["forged for bytes on join that are too few", JOIN_SUBTOPIC, new Uint8Array(100), "forged"],
    ["passed for what may be an answer on join", JOIN_SUBTOPIC, new Uint8Array(READINESS_BYTES), "passed"],
  ])("receives the verdict %s", async (_verdict, subtopic, payload, verdict) => {
    scene.network.inject({ conversationId: "garden", subtopic, payload, appId: new Uint8Array(16).fill(3) });
    await settle(scene);
    expect(verdicts.map((each) => each.verdict)).toEqual([verdict]);
  });

  test("receives the verdict unjudged for probes beyond the signature checks of a second", async () => {
    const payload = new Uint8Array(MIN_PROBE_BYTES).fill(1);
    const inject = (): void =>
      scene.network.inject({
        ...{ conversationId: "garden", subtopic: JOIN_SUBTOPIC, payload },
        appId: new Uint8Array(16).fill(3),
      });
    for (let count = 0; count < JOIN_LIMITS.probeChecksPerSecond + 10; count++) inject();
    await settle(scene);
    const unjudged = verdicts.filter(({ verdict }) => verdict === "unjudged");
    expect([verdicts.length - unjudged.length, unjudged.length]).toEqual([
      JOIN_LIMITS.probeChecksPerSecond,
      10,
    ]);
    await scene.clock.advance(1_000);
    verdicts = [];
    inject();
    await settle(scene);
    expect(verdicts.map(({ verdict }) => verdict)).toContain("forged");
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
