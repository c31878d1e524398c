import { createVirtualClock } from "@demls/testkit";
import { generateKeyPairFromSeed } from "@libp2p/crypto/keys";
import { TopicValidatorResult, type GossipSub } from "@libp2p/gossipsub";
import type { PeerId } from "@libp2p/interface";
import { peerIdFromPrivateKey } from "@libp2p/peer-id";
import { multiaddr } from "@multiformats/multiaddr";
import { of } from "rxjs";
import { beforeEach, describe, expect, it } from "vitest";
import type { GossipsubNode } from "../src/index.js";
import { sealAnnouncement } from "../src/node/peer-announcement.js";
import { PeerExchange } from "../src/node/peer-exchange.js";
import { PeerConduct } from "../src/peer-conduct.js";

const { Accept, Ignore, Reject } = TopicValidatorResult;
const MALLORY = "mallory" as unknown as PeerId;
const privateKey = await generateKeyPairFromSeed("Ed25519", new Uint8Array(32).fill(1));
const peerId = peerIdFromPrivateKey(privateKey);
const ANNOUNCEMENT = await sealAnnouncement(
  { peerId, addresses: [multiaddr("/ip4/192.0.2.1/tcp/4001")] },
  1n,
  privateKey,
);

let clock: ReturnType<typeof createVirtualClock>;
let conduct: PeerConduct;
let found: string[];
let service: GossipSub;

beforeEach(() => {
  clock = createVirtualClock();
  conduct = new PeerConduct(clock);
  found = [];
  service = Object.assign(new EventTarget(), {
    topicValidators: new Map(),
    subscribe: () => undefined,
    getSubscribers: () => [],
  }) as unknown as GossipSub;
  const node = { services: { pubsub: service }, getMultiaddrs: () => [] } as unknown as GossipsubNode;
  const onFound = (announcement: { readonly peerId: PeerId }): void =>
    void found.push(String(announcement.peerId));
  new PeerExchange({ node, privateKey, conduct, clock, topics$: of(["garden"]), onFound });
});

/** Result of validating an announcement from Mallory. */
async function hear(data: Uint8Array): Promise<TopicValidatorResult | undefined> {
  const [[topic, validate] = []] = service.topicValidators;
  return topic === undefined ? undefined : validate?.(MALLORY, { type: "unsigned", topic, data });
}

describe("A received announcement", () => {
  it("is used and forwarded", async () => {
    expect(await hear(ANNOUNCEMENT)).toBe(Accept);
    expect(found).toEqual([String(peerId)]);
    expect(conduct.score("mallory")).toBe(0);
  });

  it("is rejected and a fault of its sender if it is malformed", async () => {
    expect(await hear(Uint8Array.of(1, 2, 3))).toBe(Reject);
    expect(found).toEqual([]);
    expect(conduct.score("mallory")).toBe(-5);
  });

  it("is unread and a small fault beyond a hundred in a second, and read in the next second", async () => {
    for (let i = 0; i < 100; i++) expect(await hear(ANNOUNCEMENT)).toBe(Accept);
    expect(await hear(ANNOUNCEMENT)).toBe(Ignore);
    expect(found).toHaveLength(100);
    expect(conduct.score("mallory")).toBeCloseTo(-0.02);
    await clock.advance(1_000);
    expect(await hear(ANNOUNCEMENT)).toBe(Accept);
  });
});
