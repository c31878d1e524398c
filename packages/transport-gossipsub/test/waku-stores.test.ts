import { describe, expect, it } from "vitest";
import { createGossipsubTransport, type FramingName, type WakuStores } from "../src/index.js";
import { startGossipsub } from "../src/node/index.js";
import { startNode } from "./loopback.js";
import { platformClock as clock } from "./network.js";

const ADDRESS = "/ip4/127.0.0.1/tcp/4001";
const random = { bytes: (length: number) => new Uint8Array(length).fill(1) };

async function create(stores: WakuStores | undefined, framing: FramingName = "waku"): Promise<boolean> {
  const node = await startNode(framing);
  try {
    const transport = createGossipsubTransport({ node, clock, ...(stores && { stores }) });
    await transport.close();
    return transport.history !== undefined;
  } finally {
    await node.stop();
  }
}

describe("the stores of a transport", () => {
  it("give it a history, with as many addresses and subtopics as a question may have", async () => {
    const addresses = Array<string>(16).fill(ADDRESS);
    const subtopics = ["a", "b", "c", "d", "e", "f", "g", "g", "welcome"];
    expect(await create({ addresses, subtopics })).toBe(true);
  });

  it("are needed for a history", async () => {
    expect(await create(undefined)).toBe(false);
    expect(await create(undefined, "plain")).toBe(false);
    expect(await create({ addresses: [] })).toBe(false);
  });

  const mistakes: readonly [string, string, WakuStores, FramingName][] = [
    ["stores-need-waku", "stores", { addresses: [ADDRESS] }, "plain"],
    ["too-many-stores", "stores.addresses", { addresses: Array<string>(17).fill(ADDRESS) }, "waku"],
    ["invalid-address", "stores.addresses", { addresses: ["localhost:4001"] }, "waku"],
    ["invalid-subtopic", "subtopic", { addresses: [ADDRESS], subtopics: ["a/b"] }, "waku"],
    ["too-many-subtopics", "stores.subtopics", { addresses: [ADDRESS], subtopics: [..."abcdefgh"] }, "waku"],
  ];

  it.each(mistakes)("are rejected with %s in %s", async (code, field, stores, framing) => {
    const error = expect.objectContaining({ code, field }) as unknown;
    await expect(create(stores, framing)).rejects.toEqual(error);
    await expect(startGossipsub({ clock, random, framing, stores })).rejects.toEqual(error);
  });
});
