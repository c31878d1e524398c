import { utf8ToBytes, type Packet } from "@demls/wire/core";
import { filter, firstValueFrom } from "rxjs";
import { afterEach, describe, expect, it } from "vitest";
import type { GossipsubNodeTransport } from "../src/node/index.js";
import { createGossipsubNetwork, hasMesh, type GossipsubNetwork } from "./network.js";

const CONVERSATIONS = Array.from({ length: 1_000 }, (_, index) => `room ${index + 1}`);

let network: GossipsubNetwork;
afterEach(async () => {
  for (const member of network.members) await member.close();
}, 60_000);

/** Subscribes to conversations; `next` resolves with the conversation and the text of the next packet. */
async function listen(member: GossipsubNodeTransport, conversationIds: readonly string[]) {
  const heard: string[] = [];
  let wake: () => void = () => undefined;
  for (const conversationId of conversationIds)
    await member.subscribe(conversationId, ({ payload }) => {
      heard.push(`${conversationId}: ${new TextDecoder().decode(payload)}`);
      wake();
    });
  async function next(): Promise<string> {
    while (heard.length === 0) await new Promise<void>((resolve) => (wake = resolve));
    return heard.shift() as string;
  }
  return { next };
}

function packetOf(text: string, conversationId: string): Packet {
  return { payload: utf8ToBytes(text), subtopic: "app_msg", conversationId, appId: utf8ToBytes(text) };
}

async function hasPeers(member: GossipsubNodeTransport, count: number): Promise<void> {
  await firstValueFrom(member.connection$.pipe(filter(({ peers }) => peers.length >= count)));
}

describe("A user of 1,000 conversations", () => {
  it.each([
    ["before the members of the 700th and the last connect", true],
    ["after they have connected", false],
  ])("subscribes to them %s, and exchanges packets in these", async (_when, isBefore) => {
    network = createGossipsubNetwork("plain");
    const user = await network.join();
    const early = isBefore ? await listen(user, CONVERSATIONS) : undefined;
    const rooms = ["room 700", "room 1000"];
    const members = await Promise.all(
      rooms.map(async (room) => {
        const member = await network.join();
        return { room, member, inbox: await listen(member, [room]) };
      }),
    );
    await hasPeers(user, members.length);
    const ofUser = early ?? (await listen(user, CONVERSATIONS));
    for (const { room, member, inbox } of members) {
      await hasMesh(member, room, 1);
      await hasMesh(user, room, 1);
      await member.publish(packetOf("of a member", room));
      expect(await ofUser.next()).toBe(`${room}: of a member`);
      await user.publish(packetOf("of the user", room));
      expect(await inbox.next()).toBe(`${room}: of the user`);
    }
  });

  it("shares all of them with another, which receives packets of the first, the last and those between", async () => {
    network = createGossipsubNetwork("plain");
    const [user, other] = [await network.join(), await network.join()];
    await hasPeers(user, 1);
    const [ofUser, ofOther] = [await listen(user, CONVERSATIONS), await listen(other, CONVERSATIONS)];
    for (const room of CONVERSATIONS.filter((_, index) => index % 111 === 0)) {
      await hasMesh(user, room, 1);
      await hasMesh(other, room, 1);
      await user.publish(packetOf("of the user", room));
      expect(await ofOther.next()).toBe(`${room}: of the user`);
      await other.publish(packetOf("of the other", room));
      expect(await ofUser.next()).toBe(`${room}: of the other`);
    }
  });
});
