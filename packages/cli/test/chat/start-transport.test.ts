import { createSeededRandom } from "@demls/testkit";
import { DemlsError } from "demls";
import { expect, test } from "vitest";
import { parseChatOptions } from "../../src/chat/options/chat-options.js";
import type { TransportOptions } from "../../src/chat/network/chat-transport.js";
import { openSeat, type Seat } from "../../src/chat/seat.js";
import { startKeptTransport } from "../../src/chat/start-transport.js";
import { createChatNetwork } from "./harness/chat-network.js";
import { createMemoryFiles, type MemoryFiles } from "./harness/memory-files.js";

const ANY_PORT = "/ip4/127.0.0.1/tcp/0";

async function seatOf(files: MemoryFiles, ...args: string[]): Promise<Seat> {
  const env = { XDG_DATA_HOME: "/data" };
  const options = parseChatOptions(["garden", "--create", ...args], env);
  if (options.kind !== "chat") throw new Error("These options start no chat.");
  return openSeat(options, { env, files, random: createSeededRandom("seat"), ask: undefined });
}

/**
 * Starts the chat of a seat on ports of which some are taken, and ends it.
 *
 * @returns the addresses on which it tried to listen.
 */
async function listened(seat: Seat, taken: readonly string[], port: number): Promise<readonly string[]> {
  const tried: string[] = [];
  await startKeptTransport(seat, async ({ listen }) => {
    tried.push(...listen);
    if (listen.some((address) => taken.includes(address)))
      throw new DemlsError("cannot-listen", { message: "The port is taken." });
    const address = listen[0] === ANY_PORT ? `/ip4/127.0.0.1/tcp/${port}` : (listen[0] ?? "");
    return { ...createChatNetwork().join("ada"), addresses: [`${address}/p2p/12D3KooW`] };
  });
  await seat.close();
  return tried;
}

test("A chat listens on the port of the last start, and on a free one if that is taken", async () => {
  const files = createMemoryFiles();
  const kept = "/ip4/127.0.0.1/tcp/4001";
  expect(await listened(await seatOf(files), [], 4_001)).toEqual([ANY_PORT]);
  expect(await listened(await seatOf(files), [kept], 4_002)).toEqual([kept, ANY_PORT]);
  expect(await listened(await seatOf(files), [], 0)).toEqual(["/ip4/127.0.0.1/tcp/4002"]);
});

test("A chat listens on the given addresses alone", async () => {
  const files = createMemoryFiles();
  await listened(await seatOf(files), [], 4_001);
  const given = "/ip4/0.0.0.0/tcp/4003";
  expect(await listened(await seatOf(files, "--listen", given), [], 0)).toEqual([given]);
});

test("A chat dials the peers that it has known, beside the given addresses", async () => {
  const files = createMemoryFiles();
  const first = await seatOf(files);
  const peers = [{ peerId: "12D3KooW", addresses: ["/ip4/192.0.2.7/tcp/4001/p2p/12D3KooW"] }];
  await first.kept?.remember({ peers });
  await first.close();
  const seat = await seatOf(files, "--dial", "/ip4/192.0.2.8/tcp/4001");
  let given: TransportOptions | undefined;
  await startKeptTransport(seat, async (options) => {
    given = options;
    return createChatNetwork().join("ada");
  });
  expect(given).toMatchObject({ dial: ["/ip4/192.0.2.8/tcp/4001"], knownPeers: peers });
  expect(seat.kept?.settings.dial).toEqual(["/ip4/192.0.2.8/tcp/4001"]);
});

test("A chat keeps its node key, and wipes its copy at the end", async () => {
  const files = createMemoryFiles();
  const first = await seatOf(files);
  const nodeKey = Uint8Array.from(first.nodeKey);
  await first.close();
  expect((await seatOf(files)).nodeKey).toEqual(nodeKey);
  expect(first.nodeKey).toEqual(new Uint8Array(32));
});

test("An ephemeral chat has new keys each time, and keeps none", async () => {
  const files = createMemoryFiles();
  const { key, nodeKey, kept } = await seatOf(files, "--ephemeral");
  expect(key).not.toEqual(nodeKey);
  expect(kept).toBeUndefined();
  expect(files.texts.size).toBe(0);
});

test("Another person on the machine gets the first profile that is not there", async () => {
  const files = createMemoryFiles();
  const seat = await seatOf(files);
  expect(await seat.neighbour()).toBe("--profile 2");
  await (await seatOf(files, "--profile", "2")).close();
  expect(await seat.neighbour()).toBe("--profile 3");
});
