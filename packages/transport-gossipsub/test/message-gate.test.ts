import { createVirtualClock } from "@demls/testkit";
import type { Packet, PacketVerdict } from "@demls/wire/core";
import { TopicValidatorResult, type GossipSub, type Message } from "@libp2p/gossipsub";
import type { PeerId } from "@libp2p/interface";
import { beforeEach, describe, expect, it } from "vitest";
import { framingOf } from "../src/framings.js";
import { MAX_MESSAGE_BYTES } from "../src/gossipsub-service.js";
import { MAX_RECENT, MessageGate } from "../src/message-gate.js";
import { PeerConduct } from "../src/peer-conduct.js";
import { PeerRates } from "../src/peer-rates.js";
import { PeerIntake, type IntakeLimits } from "../src/peer-intake.js";
import { Subscriptions } from "../src/subscriptions.js";
import type { LateVerdict } from "../src/verdicts.js";

const { Accept, Ignore, Reject } = TopicValidatorResult;
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
    announcements: new PeerRates(clock, { perSecond: 2, atOnce: 5 }),
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
async function judge(
  bytes: number,
  at = (timestamp += 1n),
  subtopic = "app_msg",
  peer = MALLORY,
): Promise<TopicValidatorResult | undefined> {
  const payload = new Uint8Array(bytes);
  const packet = { payload, subtopic, conversationId: "garden", appId: new Uint8Array(16) };
  const message: Message = { type: "unsigned", topic: GARDEN, data: framing.encode(packet, at, 0) };
  return service.topicValidators.get(GARDEN)?.(peer, message);
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

describe("an announcement", () => {
  beforeEach(() => (gate = openGate({ perSecond: 10_000, atOnce: 10_000 })));

  const announce = (peer = MALLORY) => judge(10, (timestamp += 1n), "welcome", peer);

  it("that the session has read a moment ago is not forwarded, a small fault of its sender", async () => {
    verdict = "repeated";
    expect(await announce()).toBe(Ignore);
    expect(gate.dropped).toMatchObject({ repeated: 1, forged: 0 });
    expect(conduct.score("mallory")).toBeCloseTo(-0.05);
  });

  it("beyond its peer's rate is neither read nor forwarded, also a small fault", async () => {
    for (let count = 0; count < 5; count++) expect(await announce()).toBe(Accept);
    expect(await announce()).toBe(Ignore);
    expect(delivered).toHaveLength(5);
    expect(gate.dropped.overRate).toBe(1);
    expect(conduct.score("mallory")).toBeCloseTo(-0.02);
    await clock.advance(1_000);
    for (let count = 0; count < 3; count++) await announce();
    expect(delivered).toHaveLength(7);
  });

  it("of another peer is read meanwhile, as are other packets of the same one", async () => {
    for (let count = 0; count < 6; count++) await announce();
    expect(await announce("bob" as unknown as PeerId)).toBe(Accept);
    expect(await judge(1)).toBe(Accept);
  });

  it("is read from another peer if this one was beyond its rate", async () => {
    for (let count = 0; count < 6; count++) await announce();
    expect(await judge(10, timestamp, "welcome", "bob" as unknown as PeerId)).toBe(Accept);
    expect(delivered).toHaveLength(6);
  });

  it("sent 600 times a second puts its sender out in ten seconds", async () => {
    verdict = "repeated";
    for (let second = 0; second < 10 && !conduct.isOut("mallory"); second++) {
      for (let count = 0; count < 600; count++) await announce();
      await clock.advance(1_000);
    }
    expect(conduct.isOut("mallory")).toBe(true);
    expect(delivered.length).toBeLessThan(100);
  });
});
