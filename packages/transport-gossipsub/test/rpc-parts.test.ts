import type { RPC } from "@libp2p/gossipsub/message";
import { describe, expect, it } from "vitest";
import { partsOfRpc } from "../src/rpc-parts.js";

const MAX_MESSAGE_BYTES = 1_000;
const NO_CONTROL: RPC.ControlMessage = { ihave: [], iwant: [], graft: [], prune: [], idontwant: [] };

function rpcOf(fields: Partial<RPC>): RPC {
  return { subscriptions: [], messages: [], ...fields };
}

function topics(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `topic ${index}`);
}

function messageOf(bytes: number): RPC.Message {
  return { topic: "t", data: new Uint8Array(bytes - 1) };
}

function entriesOf({ subscriptions, messages, control = NO_CONTROL }: RPC): number[] {
  return [subscriptions, messages, ...Object.values<unknown[]>({ ...control })].map((list) => list.length);
}

describe("an RPC", () => {
  it("is sent whole if no peer rejects it", () => {
    const subscriptions = topics(100).map((topic) => ({ topic, subscribe: true }));
    const rpc = rpcOf({ subscriptions, messages: [messageOf(5_000)], control: NO_CONTROL });
    expect(partsOfRpc(rpc, MAX_MESSAGE_BYTES)).toEqual([rpc]);
    expect(partsOfRpc(rpcOf({}), MAX_MESSAGE_BYTES)).toEqual([rpcOf({})]);
  });

  it("of a thousand subscriptions is split into ten, in their order", () => {
    const subscriptions = topics(1_000).map((topic) => ({ topic, subscribe: true }));
    const parts = partsOfRpc(rpcOf({ subscriptions }), MAX_MESSAGE_BYTES);
    expect(parts.map((part) => part.subscriptions.length)).toEqual(new Array(10).fill(100));
    expect(parts.flatMap((part) => part.subscriptions)).toEqual(subscriptions);
    expect(parts.every((part) => part.messages.length === 0 && part.control === undefined)).toBe(true);
  });

  it.each(["ihave", "iwant", "graft", "prune", "idontwant"] as const)(
    "of more than a hundred %s is split without loss",
    (kind) => {
      const list = topics(250).map((topicID) => ({ topicID, messageIDs: [], peers: [] }));
      const subscriptions = [{ topic: "one more", subscribe: true }];
      const messages = [messageOf(10)];
      const rpc = rpcOf({ subscriptions, messages, control: { ...NO_CONTROL, [kind]: list } });
      const parts = partsOfRpc(rpc, MAX_MESSAGE_BYTES);
      expect(parts.map(({ control }) => control?.[kind] ?? []).flat<unknown[]>()).toEqual(list);
      expect(parts.flatMap((part) => part.subscriptions)).toEqual(subscriptions);
      expect(parts.flatMap((part) => part.messages)).toEqual(messages);
      expect(Math.max(...parts.flatMap(entriesOf))).toBe(100);
    },
  );

  it("of messages above the byte bound is split, with a larger single message alone", () => {
    const messages = [600, 400, 1, 3_000, 1_000].map(messageOf);
    const parts = partsOfRpc(rpcOf({ messages }), MAX_MESSAGE_BYTES);
    expect(parts.map((part) => part.messages)).toEqual([
      messages.slice(0, 2),
      messages.slice(2, 3),
      messages.slice(3, 4),
      messages.slice(4),
    ]);
  });
});
