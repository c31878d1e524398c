import { generateKeyPairFromSeed } from "@libp2p/crypto/keys";
import { peerIdFromPrivateKey } from "@libp2p/peer-id";
import { multiaddr } from "@multiformats/multiaddr";
import { describe, expect, it } from "vitest";
import { openAnnouncement, sealAnnouncement } from "../src/node/peer-announcement.js";

const aliceKey = await generateKeyPairFromSeed("Ed25519", new Uint8Array(32).fill(1));
const bobKey = await generateKeyPairFromSeed("Ed25519", new Uint8Array(32).fill(2));
const alice = { peerId: peerIdFromPrivateKey(aliceKey), addresses: [multiaddr("/ip4/192.0.2.1/tcp/4001")] };

describe("An announcement", () => {
  it("survives a round trip", async () => {
    const announcement = await openAnnouncement(await sealAnnouncement(alice, 1n, aliceKey));
    expect(announcement?.peerId.equals(alice.peerId)).toBe(true);
    expect(announcement?.addresses.map(String)).toEqual(["/ip4/192.0.2.1/tcp/4001"]);
  });

  it("of the same addresses is a new message each time", async () => {
    expect(await sealAnnouncement(alice, 1n, aliceKey)).not.toEqual(
      await sealAnnouncement(alice, 2n, aliceKey),
    );
  });

  it("not signed by its peer is invalid", async () => {
    expect(await openAnnouncement(await sealAnnouncement(alice, 1n, bobKey))).toBeUndefined();
  });

  it("with any byte changed is invalid or the same", async () => {
    const sealed = await sealAnnouncement(alice, 1n, aliceKey);
    for (const index of sealed.keys()) {
      const changed = Uint8Array.from(sealed, (byte, at) => (at === index ? byte ^ 1 : byte));
      const announcement = await openAnnouncement(changed);
      expect(announcement?.addresses.map(String) ?? ["/ip4/192.0.2.1/tcp/4001"]).toEqual([
        "/ip4/192.0.2.1/tcp/4001",
      ]);
    }
  });

  it("above 2 KiB is invalid, and of many addresses has sixteen", async () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, port) => multiaddr(`/ip4/192.0.2.1/tcp/${port}`));
    const tooLarge = await sealAnnouncement({ ...alice, addresses: many(300) }, 1n, aliceKey);
    expect(await openAnnouncement(tooLarge)).toBeUndefined();
    const large = await sealAnnouncement({ ...alice, addresses: many(40) }, 1n, aliceKey);
    expect((await openAnnouncement(large))?.addresses).toHaveLength(16);
  });

  it("is not decoded from malformed bytes", async () => {
    for (const length of [0, 1, 100, 2_048])
      expect(await openAnnouncement(new Uint8Array(length))).toBeUndefined();
  });
});
