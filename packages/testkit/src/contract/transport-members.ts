import { bytesToHex, utf8ToBytes, type Packet, type Transport } from "@demls/wire/core";
import { broken, expectEqual } from "./contract-case.js";

/** Members who can reach each other by the transport under test, as reliably as it ever carries packets. */
export interface TransportNetwork {
  /** Connects one more member. */
  join(): Transport | Promise<Transport>;
  /** Resolves when everything that was published has arrived. */
  settle(): Promise<void>;
  /**
   * Whether the transport cannot carry a conversation or a subtopic of that name. It must then refuse it: `publish`
   * and `subscribe` reject.
   *
   * @defaultValue it carries any name
   */
  refuses?(name: string): boolean;
  /** Frees what the network holds, once a case is over. */
  close?(): Promise<void>;
}

/** Makes a network without members: another one with every call. */
export type CreateTransportNetwork = () => TransportNetwork | Promise<TransportNetwork>;

/** A packet of few bytes. */
export function packetOf(text: string, changes: Partial<Packet> = {}): Packet {
  const appId = new Uint8Array(16).fill(7);
  return { payload: utf8ToBytes(text), subtopic: "app_msg", conversationId: "garden", appId, ...changes };
}

/** What one listener was handed. */
export interface Inbox {
  readonly packets: readonly Packet[];
  readonly listener: (packet: Packet) => void;
}

/** An inbox that keeps packets as they were when they came, whatever becomes of their bytes. */
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

/** An inbox of a conversation, from now on. */
export async function subscribed(transport: Transport, conversationId = "garden"): Promise<Inbox> {
  const own = inbox();
  await transport.subscribe(conversationId, own.listener);
  return own;
}

/** The inbox without packets that say this: its owner's, which may come back, or those of before. */
export function without({ packets, listener }: Inbox, ...texts: readonly string[]): Inbox {
  const payloads = new Set(texts.map((text) => bytesToHex(utf8ToBytes(text))));
  return { listener, packets: packets.filter(({ payload }) => !payloads.has(bytesToHex(payload))) };
}

/** @throws DemlsError `contract-broken` unless just these packets came, in any order and number. */
export function expectPackets({ packets }: Inbox, expected: readonly Packet[], what: string): void {
  const found = new Set(packets.map(spelled));
  expectEqual([...found].sort(), [...new Set(expected.map(spelled))].sort(), what);
}

/** @throws DemlsError `contract-broken` where `call` resolves. */
export async function expectRefusal(call: Promise<unknown>, what: string): Promise<void> {
  const isRefused = await call.then(
    () => false,
    () => true,
  );
  if (!isRefused) throw broken(`${what} is accepted and should be rejected.`);
}

/** What a packet says, its bytes by the beginning and the sum where there are many. */
function spelled({ payload, subtopic, conversationId, appId }: Packet): string {
  const head = bytesToHex(payload.subarray(0, 300));
  const sum = payload.reduce((total, byte, i) => (total * 31 + byte + i) % 1_000_003, 0);
  return JSON.stringify([conversationId, subtopic, bytesToHex(appId), payload.length, sum, head]);
}

/** Runs a case on a network of three members, and frees it. */
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
