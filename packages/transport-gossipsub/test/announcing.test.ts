import { createVirtualClock } from "@demls/testkit";
import { generateKeyPairFromSeed } from "@libp2p/crypto/keys";
import type { GossipSub } from "@libp2p/gossipsub";
import { peerIdFromPrivateKey } from "@libp2p/peer-id";
import { multiaddr } from "@multiformats/multiaddr";
import { BehaviorSubject } from "rxjs";
import { beforeEach, describe, expect, it } from "vitest";
import type { GossipsubNode } from "../src/index.js";
import { PeerExchange } from "../src/node/peer-exchange.js";
import { PeerConduct } from "../src/peer-conduct.js";

const privateKey = await generateKeyPairFromSeed("Ed25519", new Uint8Array(32).fill(1));
const peerId = peerIdFromPrivateKey(privateKey);

let clock: ReturnType<typeof createVirtualClock>;
let service: GossipSub;
let topics$: BehaviorSubject<readonly string[]>;
/** The announcement topics, in the order of subscribing. */
let topics: string[];
/** Announcement topics without other subscribers. */
let deserted: Set<string>;
/** Topics announced on, in order. */
let announced: string[];

beforeEach(() => {
  clock = createVirtualClock();
  topics = [];
  deserted = new Set();
  announced = [];
  service = Object.assign(new EventTarget(), {
    topicValidators: new Map(),
    subscribe: (topic: string) => void topics.push(topic),
    unsubscribe: () => undefined,
    getSubscribers: (topic: string) => (deserted.has(topic) ? [] : [peerId]),
    publish: (topic: string) => {
      announced.push(topic);
      return Promise.resolve({ recipients: [] });
    },
  }) as unknown as GossipSub;
  topics$ = new BehaviorSubject<readonly string[]>([]);
  const addresses = [multiaddr("/ip4/192.0.2.1/tcp/4001")];
  const node = { peerId, services: { pubsub: service }, getMultiaddrs: () => addresses };
  const conduct = new PeerConduct(clock);
  const onFound = () => undefined;
  new PeerExchange({
    node: node as unknown as GossipsubNode,
    privateKey,
    conduct,
    clock,
    topics$,
    onFound,
  });
});

function listenTo(count: number): void {
  topics$.next(Array.from({ length: count }, (_, index) => `room ${index}`));
}

/** Topics announced on by then, and not before. */
async function announcedIn(ms: number): Promise<readonly string[]> {
  announced = [];
  await clock.advance(ms);
  // Signing takes real time, which the virtual clock does not measure.
  await new Promise((resolve) => setImmediate(resolve));
  return announced;
}

describe("A node announces itself", () => {
  it("announces on a few topics at a time until it reaches all", async () => {
    listenTo(50);
    expect(await announcedIn(100)).toEqual(topics.slice(0, 20));
    expect(await announcedIn(499)).toEqual([]);
    expect(await announcedIn(1)).toEqual(topics.slice(20, 40));
    expect(await announcedIn(500)).toEqual(topics.slice(40));
    expect(await announcedIn(500)).toEqual(topics.slice(0, 20));
  });

  it("announces first on topics with new subscribers", async () => {
    listenTo(50);
    await announcedIn(100);
    const detail = { subscriptions: [{ topic: topics[45], subscribe: true }] };
    service.dispatchEvent(new CustomEvent("subscription-change", { detail }));
    expect(await announcedIn(500)).toEqual([topics[45], ...topics.slice(20, 39)]);
  });

  it("announces no later if peers subscribe all the time", async () => {
    listenTo(1);
    const detail = { subscriptions: [{ topic: topics[0], subscribe: true }] };
    for (let ms = 0; ms < 500; ms += 50) {
      service.dispatchEvent(new CustomEvent("subscription-change", { detail }));
      expect(await announcedIn(50)).toEqual(ms === 50 ? topics : []);
    }
    expect(await announcedIn(100)).toEqual(topics);
  });

  it("announces on no topic without other subscribers", async () => {
    listenTo(50);
    deserted = new Set(topics.slice(1, 49));
    expect(await announcedIn(100)).toEqual([topics[0], topics[49]]);
  });

  it("stops announcing on a topic that it left", async () => {
    listenTo(50);
    await announcedIn(100);
    listenTo(20);
    expect(await announcedIn(500)).toEqual(topics.slice(0, 20));
  });

  it("doubles the interval up to half a minute", async () => {
    listenTo(1);
    await announcedIn(100);
    for (const ms of [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]) {
      expect(await announcedIn(ms - 1)).toEqual([]);
      expect(await announcedIn(1)).toEqual(topics);
    }
  });
});
