import { createSeededRandom } from "@demls/testkit";
import { defaultLogger } from "@libp2p/logger";
import type { PeerDiscovery } from "@libp2p/interface";
import { beforeEach, describe, expect, it } from "vitest";
import { localDiscovery, type LocalDiscovery } from "../src/node/local-discovery.js";
import { startGossipsub } from "../src/node/index.js";
import { platformClock } from "./network.js";

const BOB = "12D3KooWRm8J3iL796zPFi2EtGGtUJn58AG67gcqzMFHZnnsTzqD";

type Components = Parameters<LocalDiscovery>[0];
/** Network events: the class emits them, though its interface lacks them. */
type Answered = PeerDiscovery & { _onMdnsResponse(response: unknown): void };

let found: { peerId: string; addresses: string[] }[];
let discovery: Answered;

beforeEach(async () => {
  found = [];
  const create = await localDiscovery(({ peerId, addresses }) =>
    found.push({ peerId: String(peerId), addresses: addresses.map(String) }),
  );
  discovery = create({ addressManager: {}, logger: defaultLogger() } as unknown as Components) as Answered;
});

function answerOf(service: string): unknown {
  const name = `bob.${service}`;
  return {
    answers: [
      { name: service, type: "PTR", data: name },
      { name, type: "TXT", data: [`dnsaddr=/ip4/192.168.0.2/tcp/4001/p2p/${BOB}`] },
    ],
    additionals: [],
  };
}

describe("Local discovery", () => {
  it("finds the addresses of a de-MLS node", () => {
    discovery._onMdnsResponse(answerOf("_demls._udp.local"));
    expect(found).toEqual([{ peerId: BOB, addresses: ["/ip4/192.168.0.2/tcp/4001"] }]);
  });

  it("ignores other libp2p nodes", () => {
    discovery._onMdnsResponse(answerOf("_p2p._udp.local"));
    expect(found).toEqual([]);
  });

  it("stops when the transport is closed", async () => {
    const member = await startGossipsub({
      clock: platformClock,
      random: createSeededRandom("mdns"),
      mdns: true,
    });
    await member.close();
    await expect(member.dial("/ip4/127.0.0.1/tcp/1")).rejects.toMatchObject({ code: "transport-closed" });
  });
});
