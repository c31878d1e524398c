import type { RPC } from "@libp2p/gossipsub/message";
import { beforeEach, describe, expect, it } from "vitest";
import { sendInParts, type SendingGossipSub } from "../src/rpc-sending.js";

const MAX_MESSAGE_BYTES = 1_000;

let sent: RPC[];
let isTaken: boolean;
let service: SendingGossipSub;

beforeEach(() => {
  sent = [];
  isTaken = true;
  service = {
    gossip: new Map<string, RPC.ControlIHave[]>(),
    sendRpc: (_peerId: string, rpc: RPC) => {
      sent.push(rpc);
      return isTaken;
    },
  } as unknown as SendingGossipSub;
  sendInParts(service, MAX_MESSAGE_BYTES);
});

function announcing(count: number): RPC {
  const subscriptions = Array.from({ length: count }, (_, index) => ({ topic: `${index}`, subscribe: true }));
  return { subscriptions, messages: [] };
}

function offering(count: number): RPC.ControlIHave[] {
  return Array.from({ length: count }, (_, index) => ({ topicID: `${index}`, messageIDs: [] }));
}

describe("An RPC to a peer", () => {
  it("is sent in parts, and counts as sent if all are", () => {
    expect(service.sendRpc("bob", announcing(250))).toBe(true);
    expect(sent.map(({ subscriptions }) => subscriptions.length)).toEqual([100, 100, 50]);
  });

  it("counts as unsent if a part fails, and no further part is tried", () => {
    isTaken = false;
    expect(service.sendRpc("bob", announcing(250))).toBe(false);
    expect(sent).toHaveLength(1);
  });

  it("includes the peer's offers once, in parts too", () => {
    service.gossip.set("bob", offering(150));
    service.sendRpc("bob", announcing(1));
    service.sendRpc("bob", announcing(1));
    expect(sent.flatMap(({ control }) => control?.ihave ?? [])).toEqual(offering(150));
    expect(sent.map(({ control }) => control?.ihave.length ?? 0)).toEqual([0, 100, 50, 0]);
  });

  it("leaves other peers' offers alone", () => {
    service.gossip.set("carol", offering(1));
    service.sendRpc("bob", announcing(1));
    expect(sent).toEqual([announcing(1)]);
    expect(service.gossip.get("carol")).toEqual(offering(1));
  });
});
