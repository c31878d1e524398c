import type { Packet } from "@demls/wire/core";
import type { ContractCase } from "./contract-case.js";
import {
  expectHistory,
  joined,
  onHistory,
  publishNumbers,
  read,
  type CreateHistoryNetwork,
} from "./history-members.js";
import { packetOf } from "./transport-members.js";

/** More than a few pages of any store. */
const MANY = 50;

/** Time between packets on both sides of `since`. */
const APART_MS = 10_000;

const SUBTOPICS = ["welcome", "app_msg", "my-beacons"];

/** Names that a history must not confuse with `garden`. */
const OTHER_NAMES = ["garden ", "gard", "Garden", "garden/", "gardens", "__proto__"];

/** Cases about packets: which of them a history has, their order and their bytes. */
export function historyPacketCases(create: CreateHistoryNetwork): ContractCase[] {
  return [
    {
      name: "yields all packets of a conversation, oldest first, to a member that joins later",
      run: () =>
        onHistory(create, async (network, alice, bob) => {
          const packets = await publishNumbers(network, [alice, bob], MANY);
          const carol = await joined(network);
          expectHistory(await read(carol), packets, "The history of carol");
        }),
    },
    {
      name: "yields packets published at the asked time or later, and none published before",
      run: () =>
        onHistory(create, async (network, alice, bob) => {
          await alice.publish(packetOf("before"));
          await network.pass(APART_MS);
          const since = network.wallMs();
          await alice.publish(packetOf("then"));
          await network.pass(APART_MS);
          await alice.publish(packetOf("after"));
          await network.settle();
          const [before, then, after] = [packetOf("before"), packetOf("then"), packetOf("after")];
          for (const [from, expected] of [
            [0, [before, then, after]],
            [since, [then, after]],
            [since + APART_MS / 2, [after]],
            [since + 2 * APART_MS, []],
          ] as const)
            expectHistory(await read(bob, { since: from }), expected, `The history since ${from}`);
        }),
    },
    {
      name: "yields packets of all subtopics, with the subtopic's name",
      run: () =>
        onHistory(create, async (network, alice, bob) => {
          const packets = SUBTOPICS.map((subtopic) => packetOf("hi", { subtopic }));
          for (const packet of packets) {
            await alice.publish(packet);
            await network.pass(APART_MS);
          }
          await network.settle();
          expectHistory(await read(bob), packets, "The history");
        }),
    },
    {
      name: "leaves out packets of other conversations",
      run: () =>
        onHistory(create, async (network, alice, bob) => {
          const names = OTHER_NAMES.filter((name) => !network.refuses?.(name));
          for (const name of names) await alice.publish(packetOf(`to ${name}`, { conversationId: name }));
          await alice.publish(packetOf("hello"));
          await network.settle();
          expectHistory(await read(bob), [packetOf("hello")], "The history of garden");
          for (const name of names)
            expectHistory(
              await read(bob, { conversationId: name }),
              [packetOf(`to ${name}`, { conversationId: name })],
              `The history of ${name}`,
            );
        }),
    },
    {
      name: "ends at once for a conversation without packets",
      run: () =>
        onHistory(create, async (network, alice, bob) => {
          expectHistory(await read(bob), [], "The history before any packet");
          await alice.publish(packetOf("hello"));
          await network.settle();
          expectHistory(await read(bob, { conversationId: "cellar" }), [], "The history of another name");
        }),
    },
    {
      name: "yields payloads of 0 to 200,000 bytes and the sender's instance id unchanged",
      run: () =>
        onHistory(create, async (network, alice, bob) => {
          const every = Uint8Array.from({ length: 256 }, (_, i) => i);
          const large = Uint8Array.from({ length: 200_000 }, (_, i) => i % 251);
          const packets = [every, new Uint8Array(0), large].map((payload, i) =>
            packetOf("", { payload, appId: new Uint8Array(16).fill(i) }),
          );
          for (const packet of packets) {
            await alice.publish(packet);
            await network.pass(APART_MS);
          }
          await network.settle();
          expectHistory(await read(bob), packets, "The history");
        }),
    },
    {
      name: "gives each iteration its own bytes, apart from the publisher's",
      run: () =>
        onHistory(create, async (network, alice, bob) => {
          const published = packetOf("hello");
          await alice.publish(published);
          overwrite(published);
          await network.settle();
          for await (const packet of bob.history("garden", 0)) overwrite(packet);
          expectHistory(await read(bob), [packetOf("hello")], "The second history");
          expectHistory(await read(alice), [packetOf("hello")], "The publisher's history");
        }),
    },
  ];
}

function overwrite({ payload, appId }: Packet): void {
  payload.fill(0);
  appId.fill(0);
}
