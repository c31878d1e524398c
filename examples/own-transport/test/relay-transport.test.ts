import { once } from "node:events";
import { connect, createServer, type AddressInfo } from "node:net";
import { transportContract, type TransportNetwork } from "@demls/testkit";
import type { Packet } from "@demls/wire/core";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { connectToRelay, startRelay, type Relay, type RelayTransport } from "../src/index.js";
import { MAX_FRAME_BYTES } from "../src/frames.js";
import { decodePacket, encodePacket } from "../src/packet-codec.js";

async function network(): Promise<TransportNetwork> {
  const relay = await startRelay();
  const members: RelayTransport[] = [];
  const flush = () => Promise.allSettled(members.map((member) => member.flush()));
  return {
    async join() {
      const member = await connectToRelay(relay.port);
      members.push(member);
      return member;
    },
    async settle() {
      // The first flush delivers all packets to the relay, and the second one delivers them to the members.
      await flush();
      await flush();
    },
    async close() {
      for (const member of members) await member.close();
      await relay.close();
    },
  };
}

describe("The relay transport", () => {
  for (const { name, run } of transportContract(network)) test(name, run);
});

describe("A packet in a frame", () => {
  const anyPacket: fc.Arbitrary<Packet> = fc.record({
    conversationId: fc.string({ unit: "grapheme" }),
    subtopic: fc.string(),
    appId: fc.uint8Array(),
    payload: fc.uint8Array(),
  });

  test("decodes to the encoded packet", () => {
    fc.assert(
      fc.property(anyPacket, (packet) => {
        expect(decodePacket(encodePacket(packet))).toEqual(packet);
      }),
    );
  });

  test("is undefined for truncated bytes, and decoding never throws", () => {
    fc.assert(
      fc.property(anyPacket, fc.nat(), (packet, cut) => {
        const content = encodePacket(packet);
        expect(decodePacket(content.subarray(0, cut % content.length))).toBeUndefined();
      }),
    );
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void decodePacket(bytes)));
  });
});

describe("A relay", () => {
  let relay: Relay;
  let [alice, bob]: RelayTransport[] = [];

  const packet = (payload: Uint8Array): Packet => ({
    payload,
    subtopic: "app_msg",
    conversationId: "garden",
    appId: new Uint8Array(16),
  });

  beforeEach(async () => {
    relay = await startRelay();
    [alice, bob] = [await connectToRelay(relay.port), await connectToRelay(relay.port)];
  });
  afterEach(async () => {
    vi.useRealTimers();
    await relay.close();
  });

  test("closes only the connection that announces too large a frame", async () => {
    const stranger = connect({ port: relay.port, host: "127.0.0.1" });
    stranger.write(Buffer.from([255, 255, 255, 255]));
    await once(stranger.resume(), "close");
    const received: Packet[] = [];
    await bob?.subscribe("garden", (delivered) => received.push(delivered));
    await alice?.publish(packet(Uint8Array.of(1)));
    await alice?.flush();
    await bob?.flush();
    expect(received).toEqual([packet(Uint8Array.of(1))]);
  });

  test("receives no packet that is too large for a frame", async () => {
    await expect(alice?.publish(packet(new Uint8Array(MAX_FRAME_BYTES)))).rejects.toThrow("too large");
    await alice?.flush();
  });

  test("closes connections that send nothing", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const strangers = Array.from({ length: 62 }, () => connect({ port: relay.port, host: "127.0.0.1" }));
    await Promise.all(strangers.map((stranger) => once(stranger.resume(), "connect")));
    await expect(connectToRelay(relay.port)).rejects.toThrow("closed");
    const gone = Promise.all(strangers.map((stranger) => once(stranger, "close")));
    vi.advanceTimersByTime(5_000);
    await gone;
    const carol = await connectToRelay(relay.port);
    vi.advanceTimersByTime(5_000);
    for (const member of [alice, bob, carol]) await member?.flush();
  });

  test("that hangs does not prevent a member from closing", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const hanging = createServer({ allowHalfOpen: true }, (socket) => {
      // The relay answers the first ping, and then neither reads nor closes.
      socket.once("data", () => socket.write(Buffer.alloc(4)));
      socket.on("error", () => undefined);
    });
    await once(hanging.listen(0, "127.0.0.1"), "listening");
    const member = await connectToRelay((hanging.address() as AddressInfo).port);
    const unanswered = expect(member.flush()).rejects.toThrow("closed");
    const closed = member.close();
    vi.advanceTimersByTime(2_000);
    await Promise.all([closed, unanswered]);
    hanging.close();
  });

  test("delivers nothing to a closed member, and continues to serve the others", async () => {
    const [ofBob, ofCarol]: [Packet[], Packet[]] = [[], []];
    const carol = await connectToRelay(relay.port);
    await bob?.subscribe("garden", (got) => ofBob.push(got));
    await carol.subscribe("garden", (got) => ofCarol.push(got));
    const published = alice?.publish(packet(Uint8Array.of(1)));
    await bob?.close();
    const before = ofBob.length;
    await bob?.close();
    await published;
    await expect(bob?.publish(packet(Uint8Array.of(2)))).rejects.toThrow("closed");
    await alice?.publish(packet(Uint8Array.of(3)));
    for (const member of [alice, carol]) await member?.flush();
    await carol.flush();
    expect(ofCarol.map(({ payload: [first] }) => first)).toEqual([1, 3]);
    expect(ofBob).toHaveLength(before);
  });

  test("that shuts down closes the transports of its members", async () => {
    await relay.close();
    await alice?.flush().catch(() => undefined);
    await expect(alice?.publish(packet(Uint8Array.of(1)))).rejects.toThrow();
    await bob?.close();
  });
});
