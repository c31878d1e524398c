import { RPC } from "@libp2p/gossipsub/message";
import { describe, expect, it } from "vitest";
import { countControlEntries } from "../src/control-entries.js";

const ID = new Uint8Array(32);

function rpcOf(control: Partial<NonNullable<RPC["control"]>>): Uint8Array {
  return RPC.encode({
    subscriptions: [{ topic: "garden", subscribe: true }],
    messages: [{ topic: "garden", data: new Uint8Array(1_000) }],
    control: { ihave: [], iwant: [], graft: [], prune: [], idontwant: [], ...control },
  });
}

describe("the number of entries in an RPC's control messages", () => {
  it("counts the lists and their entries", () => {
    const ihave = [
      { topicID: "garden", messageIDs: [ID, ID] },
      { topicID: "cellar", messageIDs: [ID] },
    ];
    expect(countControlEntries(rpcOf({ ihave }))).toBe(2 + 2 + 3);
    expect(countControlEntries(rpcOf({ iwant: [{ messageIDs: [ID, ID] }] }))).toBe(1 + 2);
    expect(countControlEntries(rpcOf({ graft: [{ topicID: "garden" }] }))).toBe(1 + 1);
  });

  it("counts empty ids", () => {
    const messageIDs = Array.from({ length: 100_000 }, () => new Uint8Array());
    expect(countControlEntries(rpcOf({ idontwant: [{ messageIDs }] }))).toBe(1 + 100_000);
  });

  it("is 0 without control messages, and counts only readable entries of truncated bytes", () => {
    expect(countControlEntries(rpcOf({}))).toBe(0);
    expect(countControlEntries(new Uint8Array())).toBe(0);
    const rpc = rpcOf({ iwant: [{ messageIDs: [ID, ID] }] });
    expect(countControlEntries(rpc.subarray(0, rpc.length - 40))).toBeLessThanOrEqual(3);
    expect(countControlEntries(Uint8Array.of(0x1a, 0xff, 0xff, 0xff, 0xff, 0x0f))).toBe(0);
  });
});
