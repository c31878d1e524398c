import { createSeededRandom } from "@demls/testkit";
import type { DemlsError } from "@demls/wire/core";
import { filter, firstValueFrom } from "rxjs";
import { afterEach, describe, expect, it } from "vitest";
import {
  startGossipsub,
  type GossipsubNodeTransport,
  type NodeConnectionState,
  type StartGossipsubOptions,
} from "../src/node/index.js";
import { platformClock as clock } from "./network.js";

const random = createSeededRandom("node");
const PEER_ID = "12D3KooWGzxzKZYveHXtpG6AsrUJBcWxHBFS2HsEoGTxrMLvKXtf";
const started: GossipsubNodeTransport[] = [];

afterEach(async () => {
  await Promise.all(started.splice(0).map((member) => member.close()));
});

async function start(options: Partial<StartGossipsubOptions> = {}): Promise<GossipsubNodeTransport> {
  const member = await startGossipsub({ clock, random, ...options });
  started.push(member);
  return member;
}

/** Resolves when the connection state of `member` meets `condition`. */
async function until(
  member: GossipsubNodeTransport,
  condition: (state: NodeConnectionState) => boolean,
): Promise<void> {
  await firstValueFrom(member.connection$.pipe(filter(condition)));
}

const hasPeers =
  (count: number) =>
  ({ peers }: NodeConnectionState): boolean =>
    peers.length === count;

function addressOf(member: GossipsubNodeTransport): string {
  const [address] = member.addresses;
  if (address === undefined) throw new Error("The member listens nowhere.");
  return address;
}

/** `/ip4/127.0.0.1/tcp/<port>` without the peer id. */
function portOf(member: GossipsubNodeTransport): string {
  return addressOf(member).replace(/\/p2p\/.*/u, "");
}

describe("A transport with its own node", () => {
  it("closes when it is disposed of", async () => {
    const member = await start();
    await member[Symbol.asyncDispose]();
    await expect(member.subscribe("garden", () => undefined)).rejects.toMatchObject({
      code: "transport-closed",
    });
    expect(member.addresses).toEqual([]);
  });
});

describe("A node's identity", () => {
  it("follows from its private key", async () => {
    const privateKey = new Uint8Array(32).fill(7);
    const first = await start({ privateKey });
    const second = await start({ privateKey });
    expect(second.peerId).toBe(first.peerId);
    expect(privateKey).toEqual(new Uint8Array(32).fill(7));
  });

  it("is new without a private key", async () => {
    expect((await start()).peerId).not.toBe((await start()).peerId);
  });
});

describe("A node rejects", () => {
  it.each([
    ["an invalid listen address", { listen: ["nowhere"] }, "invalid-address", "nowhere"],
    [
      "a listen address of another transport",
      { listen: ["/ip4/127.0.0.1/udp/0/quic-v1"] },
      "invalid-address",
      "quic-v1",
    ],
    ["an invalid dial address", { dial: ["localhost:4001"] }, "invalid-address", "localhost:4001"],
    [
      "a dial address of another transport",
      { dial: ["/ip4/192.0.2.1/udp/1/quic-v1"] },
      "invalid-address",
      "quic-v1",
    ],
    ["an invalid peer id", { knownPeers: [{ peerId: "bob", addresses: [] }] }, "invalid-address", "bob"],
    [
      "an invalid address of a known peer",
      { knownPeers: [{ peerId: PEER_ID, addresses: ["localhost:4001"] }] },
      "invalid-address",
      "localhost:4001",
    ],
    [
      "more known peers than its maximum",
      { knownPeers: Array.from({ length: 17 }, () => ({ peerId: PEER_ID, addresses: [] })) },
      "too-many-addresses",
      "16 known peers",
    ],
    ["a private key of 31 bytes", { privateKey: new Uint8Array(31) }, "invalid-private-key", "32 bytes"],
  ] as const)("%s", async (_, options, code, what) => {
    const error: unknown = await start(options).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code, field: Object.keys(options)[0] });
    expect((error as DemlsError).message).toContain(what);
  });

  it("a listen address in use, and names it", async () => {
    const address = portOf(await start());
    const error: unknown = await start({ listen: [address] }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "cannot-listen", field: "listen" });
    expect((error as DemlsError).message).toContain(address);
    expect((error as DemlsError).message).toContain("EADDRINUSE");
    expect((error as DemlsError).message).not.toContain("\n");
    expect((error as DemlsError).cause).toBeInstanceOf(Error);
  });

  it("more dial addresses than its maximum", async () => {
    const dial = Array.from({ length: 65 }, (_, index) => `/ip4/127.0.0.1/tcp/${index + 1}`);
    await expect(start({ dial })).rejects.toMatchObject({ code: "too-many-addresses", field: "dial" });
  });

  it("an invalid publish timeout", async () => {
    await expect(start({ publishTimeoutMs: -1 })).rejects.toMatchObject({ code: "invalid-publish-timeout" });
  });

  it("a packet without a peer after `publishTimeoutMs`", async () => {
    const member = await start({ publishTimeoutMs: 0 });
    const packet = {
      conversationId: "garden",
      subtopic: "app_msg",
      payload: Uint8Array.of(1),
      appId: Uint8Array.of(2),
    };
    await expect(member.publish(packet)).rejects.toMatchObject({ code: "no-peers" });
  });

  it("its own address to dial, with its peer id and without", async () => {
    const member = await start();
    await expect(member.dial(addressOf(member))).rejects.toMatchObject({ code: "own-address" });
    await expect(member.dial(portOf(member))).rejects.toMatchObject({ code: "own-address" });
    expect(member.connection.dialling).toEqual([]);
  });
});

describe("A node that dials", () => {
  it("starts while its peer is missing, and connects once the peer starts", async () => {
    const privateKey = random.bytes(32);
    const gone = await start({ privateKey });
    const [address, listen] = [addressOf(gone), [portOf(gone)]];
    await gone.close();
    const alice = await start({ dial: [address] });
    await until(alice, ({ dialling }) => dialling[0]?.state === "waiting");
    expect(alice.connection.dialling[0]).toMatchObject({ address, failures: 1 });
    await start({ privateKey, listen });
    await until(alice, ({ dialling }) => dialling[0]?.state === "connected");
    expect(alice.connection.dialling[0]).not.toHaveProperty("lastError");
    expect(alice.connection.peers).toEqual([gone.peerId]);
  });

  it("reconnects to a peer restarted with its key and port", async () => {
    const privateKey = random.bytes(32);
    const bob = await start({ privateKey });
    const listen = [portOf(bob)];
    const alice = await start({ dial: [addressOf(bob)] });
    await until(alice, hasPeers(1));
    await bob.close();
    await until(alice, hasPeers(0));
    const bobAgain = await start({ privateKey, listen });
    await until(alice, hasPeers(1));
    expect(alice.connection.peers).toEqual([bobAgain.peerId]);
  });

  it("reports an unreachable address and keeps dialling it", async () => {
    const gone = await start();
    const address = addressOf(gone);
    await gone.close();
    const alice = await start();
    const error: unknown = await alice.dial(address).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "unreachable", field: "dial" });
    expect((error as DemlsError).message).toContain(address);
    expect(alice.connection.dialling).toMatchObject([{ address, state: "waiting" }]);
  });

  it("is content with one of several addresses, and tells the first failure if it has none", async () => {
    const [alice, bob] = [await start(), await start()];
    await alice.dial(["no address", addressOf(bob), addressOf(alice)]);
    expect(alice.connection.peers).toEqual([bob.peerId]);
    await alice.dial([]);
    await expect(bob.dial(["no address", addressOf(bob)])).rejects.toMatchObject({
      code: "invalid-address",
    });
  });

  it("has one connection to a peer with two dialled addresses", async () => {
    const bob = await start({ listen: ["/ip4/127.0.0.1/tcp/0", "/ip4/127.0.0.1/tcp/0/ws"] });
    expect(bob.addresses).toHaveLength(2);
    const alice = await start({ dial: bob.addresses });
    await until(alice, ({ dialling }) => dialling.every(({ state }) => state === "connected"));
    expect(alice.connection.peers).toEqual([bob.peerId]);
  });

  it("connects to a peer over WebSocket", async () => {
    const bob = await start({ listen: ["/ip4/127.0.0.1/tcp/0/ws"] });
    const alice = await start();
    await alice.dial(addressOf(bob));
    expect(alice.connection.peers).toEqual([bob.peerId]);
  });

  it("connects beside fifteen others at the same time, all without faults", async () => {
    const hub = await start({ peerExchange: false });
    await hub.subscribe("garden", () => undefined);
    const members = await Promise.all(
      Array.from({ length: 16 }, () => start({ dial: [addressOf(hub)], peerExchange: false })),
    );
    for (const member of members) await member.subscribe("garden", () => undefined);
    await until(hub, ({ topics }) => topics[0]?.subscribers === 16);
    const got = members.map(
      (member) =>
        new Promise((resolve) => void member.subscribe("garden", ({ payload }) => resolve(payload))),
    );
    await hub.publish({
      payload: Uint8Array.of(1),
      subtopic: "app_msg",
      conversationId: "garden",
      appId: random.bytes(16),
    });
    expect(await Promise.all(got)).toEqual(members.map(() => Uint8Array.of(1)));
  });
});

describe("A node that goes offline", () => {
  it("loses its connections and makes none until it is online again", async () => {
    const hub = await start();
    const alice = await start({ dial: [addressOf(hub)] });
    await until(hub, hasPeers(1));
    alice.goOffline();
    await until(hub, hasPeers(0));
    expect(alice.connection).toMatchObject({ isOnline: false, peers: [] });
    expect(alice.connection.dialling).toMatchObject([{ state: "waiting", failures: 0 }]);
    await expect(alice.dial(addressOf(hub))).rejects.toMatchObject({ code: "offline" });
    await expect(hub.dial(addressOf(alice))).rejects.toMatchObject({ code: "unreachable" });
    alice.goOnline();
    await until(alice, hasPeers(1));
    expect(alice.connection.isOnline).toBe(true);
  });

  it("reconnects to the peers that had dialled it", async () => {
    const hub = await start();
    const alice = await start({ dial: [addressOf(hub)] });
    await until(hub, hasPeers(1));
    hub.goOffline();
    await until(alice, hasPeers(0));
    hub.goOnline();
    await until(hub, hasPeers(1));
  });
});

describe("A closed node", () => {
  it("closes once, however often it is called, and dials no more", async () => {
    const alice = await start();
    await Promise.all([alice.close(), alice.close()]);
    await expect(alice.dial("/ip4/127.0.0.1/tcp/1")).rejects.toMatchObject({ code: "transport-closed" });
  });
});
