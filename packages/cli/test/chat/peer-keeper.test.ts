import { createVirtualClock } from "@demls/testkit";
import type { KnownPeer } from "@demls/transport-gossipsub/node";
import { BehaviorSubject } from "rxjs";
import { beforeEach, expect, test } from "vitest";
import type { ConnectionState } from "../../src/chat/network/chat-transport.js";
import { keepPeers } from "../../src/chat/peer-keeper.js";
import type { Room } from "../../src/chat/room/room.js";
import type { KeptSettings } from "../../src/chat/store/kept-chat.js";

const clock = createVirtualClock();
let connected: readonly KnownPeer[];
let states: BehaviorSubject<ConnectionState>;
let settings: KeptSettings;
let writes: number;

beforeEach(() => {
  connected = [];
  states = new BehaviorSubject(stateOf([]));
  settings = {};
  writes = 0;
});

function stateOf(peers: readonly KnownPeer[]): ConnectionState {
  return { isOnline: true, peers: peers.map(({ peerId }) => peerId), topics: [], waiting: 0, dialling: [] };
}

function room(): Room {
  return {
    conversation: { name: "garden" },
    transport: { connection$: states, knownPeers: async () => connected },
    clock,
    kept: {
      get settings() {
        return settings;
      },
      async remember(changes: KeptSettings) {
        writes += 1;
        settings = { ...settings, ...changes };
      },
    },
  } as unknown as Room;
}

function peer(name: string, port = 4_001): KnownPeer {
  return { peerId: name, addresses: [`/ip4/192.0.2.7/tcp/${port}/p2p/${name}`] };
}

/** Connects to these peers, and waits until they are kept. */
async function connect(...peers: readonly KnownPeer[]): Promise<void> {
  connected = peers;
  states.next(stateOf(peers));
  await clock.advance(1_000);
}

function fail(error: unknown): never {
  throw error;
}

test("Connected peers are kept after they are gone, those that were connected last at the end", async () => {
  const keeper = keepPeers(room(), fail);
  await connect(peer("bob"), peer("cleo"));
  await connect();
  await connect(peer("bob"));
  await keeper.close();
  expect(settings.peers).toEqual([peer("cleo"), peer("bob")]);
});

test("A peer that comes back at another port replaces its former address", async () => {
  const keeper = keepPeers(room(), fail);
  await connect(peer("bob"));
  connected = [];
  states.next(stateOf([]));
  await connect(peer("bob", 4_002));
  await keeper.close();
  expect(settings.peers).toEqual([peer("bob", 4_002)]);
});

test("Of more than sixteen peers, the one that was connected longest ago is forgotten", async () => {
  const keeper = keepPeers(room(), fail);
  const names = Array.from({ length: 17 }, (_, index) => `peer-${index}`);
  for (const name of names) await connect(peer(name));
  await keeper.close();
  expect(settings.peers?.map(({ peerId }) => peerId)).toEqual(names.slice(1));
});

test("The last change is written at the end, and none if nothing has changed", async () => {
  settings = { peers: [peer("bob")] };
  const same = keepPeers(room(), fail);
  await connect(peer("bob"));
  await same.close();
  expect(writes).toBe(0);
  const keeper = keepPeers(room(), fail);
  connected = [peer("cleo")];
  states.next(stateOf(connected));
  await keeper.close();
  expect(settings.peers).toEqual([peer("bob"), peer("cleo")]);
});

test("A failed write is reported, and the next one is tried", async () => {
  const failures: unknown[] = [];
  const failing = room();
  let isFull = true;
  const kept = { ...failing.kept, settings, remember: async () => isFull && fail("full") };
  const keeper = keepPeers({ ...failing, kept } as unknown as Room, (error) => failures.push(error));
  await connect(peer("bob"));
  isFull = false;
  await connect(peer("cleo"));
  await keeper.close();
  expect(failures).toEqual(["full"]);
});
