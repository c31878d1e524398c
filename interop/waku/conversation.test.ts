import { afterEach, describe, expect, it } from "vitest";

import {
  admitAll,
  createUser,
  platformClock,
  platformRandom,
  type Packet,
  type Transport,
  type User,
} from "../../packages/demls/dist/index.js";
import {
  startGossipsub,
  type GossipsubNodeTransport,
} from "../../packages/transport-gossipsub/dist/node/index.js";
import { bytesToHex } from "../../packages/wire/dist/index.js";
import { IMPLEMENTATIONS, startForeignNode, type ForeignNode, type MessageLine } from "./foreign-node.js";
import { mutuallySubscribed } from "./mutual-subscription.js";

/** Short timings for a test in real time. */
const config = { votingDelayMs: 100, electionVotingDelayMs: 50, commitInactivityMs: 200 };

/** A user and its only connection. */
interface Member {
  readonly user: User;
  readonly transport: GossipsubNodeTransport;
  close(): Promise<void>;
}

describe.each(IMPLEMENTATIONS)("Members connected only through a node of $name", (implementation) => {
  const open: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const each of open.splice(0).reverse()) await each.close();
  });

  async function startMember(foreign: ForeignNode, published: Packet[]): Promise<Member> {
    const transport = await startGossipsub({
      clock: platformClock,
      random: platformRandom,
      framing: "waku",
      dial: [foreign.address],
      peerExchange: false,
    });
    const recording: Transport = {
      ...transport,
      async publish(packet) {
        await transport.publish(packet);
        published.push({ ...packet, payload: packet.payload.slice() });
      },
    };
    const user = await createUser({
      ...{ key: platformRandom.bytes(32), transport: recording },
      plugins: { admission: admitAll },
    });
    const member = {
      user,
      transport,
      async close() {
        await user.close();
        await transport.close();
      },
    };
    open.push(member);
    return member;
  }

  it("join, chat, ban and leave, and the node receives the published bytes unchanged", async () => {
    const foreign = await startForeignNode(implementation);
    open.push(foreign);
    const published: Packet[] = [];
    const [alice, bob, carol] = [
      await startMember(foreign, published),
      await startMember(foreign, published),
      await startMember(foreign, published),
    ];

    const atAlice = await alice.user.createConversation("garden", { config });
    await mutuallySubscribed(alice.transport, foreign);
    const atBob = await bob.user.join({ name: "garden" }, { config }).conversation;
    await atBob.joined;
    const atCarol = await carol.user.join({ name: "garden" }, { config }).conversation;
    await atCarol.joined;
    const members = [atAlice, atBob, atCarol];
    await Promise.all(members.map((at) => at.nextState((state) => state.members.length === 3)));

    for (const [from, text] of [
      [atAlice, "from alice"],
      [atBob, "from bob"],
      [atCarol, "from carol"],
    ] as const) {
      const heard = members.filter((at) => at !== from).map((at) => at.nextEvent("message"));
      await from.send(text);
      expect((await Promise.all(heard)).map((message) => message.text)).toEqual([text, text]);
    }

    const carolLeaves = atCarol.nextEvent("leaving");
    await atAlice.proposeRemove(carol.user.id).committed;
    await carolLeaves;
    await atBob.nextState((state) => state.members.length === 2);
    await atBob.leave().committed;
    await atAlice.nextState((state) => state.members.length === 1);

    for (const { transport, close } of [alice, bob, carol]) {
      expect(transport.connection.peers).toEqual([foreign.peerId]);
      // Compares only packets that had time to arrive.
      await close();
    }
    const looks = published.map(lookOfPacket);
    await Promise.all(looks.map((look) => foreign.message((message) => lookOfMessage(message) === look)));
    expect(foreign.received.map(lookOfMessage).sort()).toEqual(looks.sort());
  });
});

/** All fields of a packet, for comparison. */
function lookOfPacket({ conversationId, subtopic, appId, payload }: Packet): string {
  return [`/${conversationId}/1/${subtopic}/proto`, bytesToHex(appId), bytesToHex(payload)].join(" ");
}

function lookOfMessage({ message }: MessageLine): string {
  return [message?.content_topic, message?.meta_hex, message?.payload_hex].join(" ");
}
