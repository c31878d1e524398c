import { bytesToHex, utf8ToBytes, type Packet, type Transport } from "@demls/wire/core";
import { broken, expectEqual } from "./contract-case.js";

/** Members connected by the transport under test, as reliably as it can. */
export interface TransportNetwork {
  /** Connects one more member. */
  join(): Transport | Promise<Transport>;
  /** Resolves when all published packets have been delivered. */
  settle(): Promise<void>;
  /**
   * Whether the transport does not support this name of a conversation or a subtopic. `publish` and `subscribe` must
   * then reject.
   *
   * @defaultValue all names are supported
   */
  refuses?(name: string): boolean;
  /** Releases the network's resources after a case. */
  close?(): Promise<void>;
}

/** Creates a network without members. Each call returns another one. */
export type CreateTransportNetwork = () => TransportNetwork | Promise<TransportNetwork>;

/** Packet of a few bytes. */
export function packetOf(text: string, changes: Partial<Packet> = {}): Packet {
  const appId = new Uint8Array(16).fill(7);
  return { payload: utf8ToBytes(text), subtopic: "app_msg", conversationId: "garden", appId, ...changes };
}

/** Packets received by one listener. */
export interface Inbox {
  readonly packets: readonly Packet[];
  readonly listener: (packet: Packet) => void;
}

/** Inbox that keeps a copy of each packet as received. */
export function inbox(): Inbox {
  const packets: Packet[] = [];
  return {
    packets,
    listener: (packet) => {
      const { payload, appId } = packet;
      packets.push({ ...packet, payload: Uint8Array.from(payload), appId: Uint8Array.from(appId) });
    },
  };
}

/** Subscribes an inbox to a conversation. */
export async function subscribed(transport: Transport, conversationId = "garden"): Promise<Inbox> {
  const own = inbox();
  await transport.subscribe(conversationId, own.listener);
  return own;
}

/** Packets of an inbox without those of the given texts, such as echoes of the owner's own packets. */
export function without({ packets, listener }: Inbox, ...texts: readonly string[]): Inbox {
  const payloads = new Set(texts.map((text) => bytesToHex(utf8ToBytes(text))));
  return { listener, packets: packets.filter(({ payload }) => !payloads.has(bytesToHex(payload))) };
}

/** @throws DemlsError `contract-broken` unless exactly these packets arrived, in any order and number. */
export function expectPackets({ packets }: Inbox, expected: readonly Packet[], what: string): void {
  const found = new Set(packets.map(spelled));
  expectEqual([...found].sort(), [...new Set(expected.map(spelled))].sort(), what);
}

/** @throws DemlsError `contract-broken` when `call` resolves. */
export async function expectRefusal(call: Promise<unknown>, what: string): Promise<void> {
  const isRefused = await call.then(
    () => false,
    () => true,
  );
  if (!isRefused) throw broken(`${what} is accepted and should be rejected.`);
}

/** Text of a packet; long payloads are shown by their start and sum. */
export function spelled({ payload, subtopic, conversationId, appId }: Packet): string {
  const head = bytesToHex(payload.subarray(0, 300));
  const sum = payload.reduce((total, byte, i) => (total * 31 + byte + i) % 1_000_003, 0);
  return JSON.stringify([conversationId, subtopic, bytesToHex(appId), payload.length, sum, head]);
}

/** Runs a case on a network of three members, and closes it. */
export async function onNetwork(
  create: CreateTransportNetwork,
  run: (network: TransportNetwork, alice: Transport, bob: Transport, carol: Transport) => Promise<void>,
): Promise<void> {
  const network = await create();
  try {
    await run(network, await network.join(), await network.join(), await network.join());
  } finally {
    await network.close?.();
  }
}
