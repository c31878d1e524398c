import { createVirtualClock } from "@demls/testkit";
import type { Packet, PacketVerdict } from "@demls/wire/core";
import { TopicValidatorResult, type GossipSub, type Message } from "@libp2p/gossipsub";
import type { PeerId } from "@libp2p/interface";
import { beforeEach, describe, expect, it } from "vitest";
import { framingOf } from "../src/framings.js";
import { MAX_MESSAGE_BYTES } from "../src/gossipsub-service.js";
import { MAX_RECENT, MessageGate } from "../src/message-gate.js";
import { PeerConduct } from "../src/peer-conduct.js";
import { PeerIntake, type IntakeLimits } from "../src/peer-intake.js";
import { Subscriptions } from "../src/subscriptions.js";
import type { LateVerdict } from "../src/verdicts.js";

const { Accept, Reject } = TopicValidatorResult;
const MALLORY = "mallory" as unknown as PeerId;
const framing = framingOf("plain");
const GARDEN = framing.topicOf("garden");

let clock: ReturnType<typeof createVirtualClock>;
let conduct: PeerConduct;
let delivered: Packet[];
let verdict: PacketVerdict;
let late: LateVerdict[];
let gate: MessageGate;
let service: GossipSub;
let timestamp: bigint;

beforeEach(() => {
  clock = createVirtualClock();
  conduct = new PeerConduct(clock);
  delivered = [];
  verdict = "passed";
  late = [];
  timestamp = 0n;
  gate = openGate({ perSecond: 1, atOnce: 1 });
});

function openGate(limits: IntakeLimits): MessageGate {
  const topicValidators = new Map();
  service = { topicValidators, getTopics: () => [GARDEN] } as unknown as GossipSub;
  const subscriptions = new Subscriptions((conversationId) => framing.topicOf(conversationId));
  subscriptions.add("garden", () => undefined);
  const opened = new MessageGate({
    service,
    framing,
    conduct,
    subscriptions,
    messages: new PeerIntake(clock, limits),
    ownAppIds: new Map(),
    deliver({ packet }, lateVerdict) {
      delivered.push(packet);
      late.push(lateVerdict);
      return Promise.resolve(verdict);
    },
  });
  opened.open();
  return opened;
}

/** Result of validating a packet from Mallory; the timestamp tells packets of one size apart. */
async function judge(bytes: number, at = (timestamp += 1n)): Promise<TopicValidatorResult | undefined> {
  const payload = new Uint8Array(bytes);
  const packet = { payload, subtopic: "app_msg", conversationId: "garden", appId: new Uint8Array(16) };
  const message: Message = { type: "unsigned", topic: GARDEN, data: framing.encode(packet, at, 0) };
  return service.topicValidators.get(GARDEN)?.(MALLORY, message);
}

describe("a packet", () => {
  it("is delivered and forwarded", async () => {
    expect(await judge(1)).toBe(Accept);
    expect(delivered).toHaveLength(1);
    expect(conduct.score("mallory")).toBe(0);
  });

  it("above the size limit is rejected unread, a fault of its sender", async () => {
    expect(await judge(MAX_MESSAGE_BYTES)).toBe(Reject);
    expect(delivered).toEqual([]);
    expect(gate.dropped.oversized).toBe(1);
    expect(conduct.score("mallory")).toBeLessThan(-60);
  });

  it("that the session finds forged is rejected, a fault of its sender", async () => {
    verdict = "forged";
    expect(await judge(1)).toBe(Reject);
    expect(gate.dropped.forged).toBe(1);
    expect(conduct.score("mallory")).toBeCloseTo(-0.2);
  });

  it("that the session finds forged after it was forwarded is a fault of its sender", async () => {
    expect(await judge(1)).toBe(Accept);
    late[0]?.onLate("forged");
    expect(gate.dropped.forged).toBe(1);
    expect(conduct.score("mallory")).toBeLessThan(0);
  });

  it("without a verdict in time is forwarded if its sender has no recent fault", async () => {
    await judge(1);
    expect(late[0]?.meanwhile()).toBe("passed");
    conduct.blame("mallory", "forged");
    expect(late[0]?.meanwhile()).toBe("unjudged");
    await clock.advance(1_000);
    expect(late[0]?.meanwhile()).toBe("passed");
  });

  it("is not delivered before its sender's turn", async () => {
    const judged = [judge(1), judge(1)];
    await clock.advance(0);
    expect(delivered).toHaveLength(1);
    await clock.advance(1_000);
    expect(delivered).toHaveLength(2);
    expect(await Promise.all(judged)).toEqual([Accept, Accept]);
  });

  it("becomes the newest when it repeats, so that older ones are evicted first", async () => {
    gate = openGate({ perSecond: 1, atOnce: 2 * MAX_RECENT });
    for (let sent = 0; sent < MAX_RECENT; sent += 1) await judge(1);
    await judge(1, 1n);
    await judge(1);
    expect(gate.dropped.duplicate).toBe(1);
    expect(delivered).toHaveLength(MAX_RECENT + 1);

    await judge(1, 1n);
    expect(gate.dropped.duplicate).toBe(2);
    expect(delivered).toHaveLength(MAX_RECENT + 1);

    await judge(1, 2n);
    expect(gate.dropped.duplicate).toBe(2);
    expect(delivered).toHaveLength(MAX_RECENT + 2);
  });
});
