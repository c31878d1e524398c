import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { platformClock, platformRandom } from "../../packages/demls/dist/index.js";
import {
  startGossipsub,
  type GossipsubNodeTransport,
} from "../../packages/transport-gossipsub/dist/node/index.js";
import { IMPLEMENTATIONS, startForeignNode, type ForeignNode, type MessageLine } from "./foreign-node.js";
import { Inbox } from "./inbox.js";
import { mutuallySubscribed } from "./mutual-subscription.js";
import { EMPTY, fieldsOf, LARGE, packetOf, PLAIN, WITH_SLASH } from "./packet-cases.js";

describe.each(IMPLEMENTATIONS)("Packets to and from $name", (implementation) => {
  let foreign: ForeignNode;
  let ours: GossipsubNodeTransport;

  beforeEach(async () => {
    foreign = await startForeignNode(implementation);
    ours = await startGossipsub({ clock: platformClock, random: platformRandom, framing: "waku" });
  });
  afterEach(async () => {
    await ours.close();
    await foreign.close();
  });

  /** Connects both nodes; ours subscribes to one conversation. */
  async function meet(conversationId: string): Promise<Inbox> {
    const inbox = new Inbox();
    await ours.subscribe(conversationId, inbox.deliver);
    await ours.dial(foreign.address);
    await mutuallySubscribed(ours, foreign);
    return inbox;
  }

  const theFirstMessage = (): Promise<MessageLine> => foreign.message(() => true);

  it.each([
    ["a small one", PLAIN],
    ["150 kB", LARGE],
  ])("arrive at the foreign node as published: %s", async (_what, packet) => {
    await meet(packet.conversation_id);
    await ours.publish(packetOf(packet));
    const { from, message } = await theFirstMessage();
    expect(from).toBe(ours.peerId);
    expect(message).toEqual({
      payload_hex: packet.payload,
      content_topic: packet.message.contentTopic,
      version: packet.message.version,
      timestamp: expect.stringMatching(/^[1-9]\d{18}$/) as string,
      meta_hex: packet.app_id,
    });
  });

  it.each([
    ["a small one", PLAIN],
    ["150 kB", LARGE],
    ["an empty one", EMPTY],
  ])("arrive at our node as published: %s", async (_what, packet) => {
    const inbox = await meet(packet.conversation_id);
    await foreign.publish(fieldsOf(packet));
    expect(await inbox.next()).toEqual(packetOf(packet));
  });

  it(`arrive there ${implementation.takesEmpty ? "without a payload too" : "unless they have no payload"}`, async () => {
    await meet(EMPTY.conversation_id);
    await ours.publish(packetOf(EMPTY));
    await ours.publish({ ...packetOf(EMPTY), payload: Uint8Array.of(1) });
    await foreign.message(({ message }) => message?.payload_hex === "01");
    const payloads = foreign.received.map(({ message }) => message?.payload_hex);
    expect(payloads).toEqual(implementation.takesEmpty ? ["", "01"] : ["01"]);
  });

  it("arrive at a foreign node that has dialled ours", async () => {
    await ours.subscribe(PLAIN.conversation_id, () => undefined);
    for (const address of ours.addresses) await foreign.dial(address);
    await mutuallySubscribed(ours, foreign);
    await ours.publish(packetOf(PLAIN));
    expect((await theFirstMessage()).message?.payload_hex).toBe(PLAIN.payload);
  });

  it("arrive twice if published twice, since the timestamps differ", async () => {
    await meet(PLAIN.conversation_id);
    await ours.publish(packetOf(PLAIN));
    await ours.publish(packetOf(PLAIN));
    const first = await theFirstMessage();
    const second = await foreign.message(({ data_hex }) => data_hex !== first.data_hex);
    expect(second.message?.payload_hex).toBe(PLAIN.payload);
  });

  it("of a conversation with a slash in its name are not published, but decoded as by the reference", async () => {
    const inbox = await meet("a");
    await expect(ours.publish(packetOf(WITH_SLASH))).rejects.toMatchObject({
      code: "invalid-conversation-id",
    });
    await foreign.publish(fieldsOf(WITH_SLASH));
    expect(await inbox.next()).toEqual({ ...packetOf(WITH_SLASH), conversationId: "a", subtopic: "1" });
  });

  const { maxBytes } = implementation;
  it.skipIf(maxBytes === undefined)(
    "after one that is too large for it arrive over a new connection",
    async () => {
      await meet(PLAIN.conversation_id);
      await ours.publish({ ...packetOf(PLAIN), payload: new Uint8Array(maxBytes ?? 0) });
      await foreign.disconnected(ours.peerId);
      await ours.publish(packetOf(PLAIN));
      expect((await theFirstMessage()).message?.payload_hex).toBe(PLAIN.payload);
    },
  );

  it("that are invalid or of another conversation are ignored, and the connection stays", async () => {
    const inbox = await meet(PLAIN.conversation_id);
    await foreign.publishRaw(Uint8Array.of(0xff, 0xff, 0xff));
    await foreign.publish({ ...fieldsOf(PLAIN), conversation_id: "elsewhere" });
    await foreign.publish(fieldsOf(PLAIN));
    expect(await inbox.next()).toEqual(packetOf(PLAIN));
    expect(ours.connection.dropped.undecodable).toBe(1);
    await ours.publish(packetOf(PLAIN));
    await theFirstMessage();
    expect(ours.connection.peers).toEqual([foreign.peerId]);
  });
});
