import { createSeededRandom } from "@demls/testkit";
import type { Multiaddr } from "@multiformats/multiaddr";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createNode, type OwnNode } from "../src/node/libp2p-node.js";
import { provideForNode20 } from "../src/node/node-20.js";
import { platformClock } from "./network.js";

const random = createSeededRandom("gate");
let alice: OwnNode;
let bob: OwnNode;

async function start(): Promise<OwnNode> {
  const own = await createNode({
    clock: platformClock,
    random,
    framing: "plain",
    listen: ["/ip4/127.0.0.1/tcp/0"],
    privateKey: undefined,
    discovery: undefined,
  });
  await own.start();
  return own;
}

beforeEach(async () => {
  await provideForNode20();
  [alice, bob] = [await start(), await start()];
});

afterEach(async () => {
  await Promise.all([alice.stop(), bob.stop()]);
});

function addressOf({ node }: OwnNode): Multiaddr {
  return node.getMultiaddrs()[0] as Multiaddr;
}

function putOut(judge: OwnNode, peer: OwnNode): void {
  for (let count = 0; count < 25; count += 1) judge.conduct.blame(String(peer.node.peerId), "garbage");
}

describe("A peer that is out", () => {
  it("cannot connect", async () => {
    putOut(alice, bob);
    const disconnected = new Promise((resolve) => bob.node.addEventListener("peer:disconnect", resolve));
    // Bob sees a connection that closes at once, or none.
    await bob.node.dial(addressOf(alice)).then(
      () => disconnected,
      () => undefined,
    );
    expect([...alice.node.getPeers(), ...bob.node.getPeers()]).toEqual([]);
  });

  it("is not dialled", async () => {
    putOut(alice, bob);
    await expect(alice.node.dial(addressOf(bob))).rejects.toThrow();
    expect(bob.node.getPeers()).toEqual([]);
  });

  it("does not affect other peers", async () => {
    putOut(alice, bob);
    const carol = await start();
    await alice.node.dial(addressOf(carol));
    expect(alice.node.getPeers().map(String)).toEqual([String(carol.node.peerId)]);
    await carol.stop();
  });
});

describe("A stopped node", () => {
  it("has wiped its private key", async () => {
    await alice.stop();
    expect(alice.privateKey.raw).toEqual(new Uint8Array(64));
  });
});
