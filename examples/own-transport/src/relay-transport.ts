import { once } from "node:events";
import { connect } from "node:net";
import type { Packet, Transport, Unsubscribe } from "@demls/wire/core";
import { frameWriter, readFrames } from "./frames.js";
import { decodePacket, encodePacket } from "./packet-codec.js";

/** A member's connection to the relay. */
export interface RelayTransport extends Transport {
  /** Resolves when the relay has forwarded all published packets, and all its packets for this member have arrived. */
  flush(): Promise<void>;
  /** Closes the connection after pending packets are sent. Then no packets are delivered, and publishing rejects. */
  close(): Promise<void>;
}

interface Subscription {
  readonly conversationId: string;
  readonly listener: (packet: Packet) => void;
}

const EMPTY = new Uint8Array();

/** Time limit of `close` for a relay that no longer reads. */
const CLOSE_MS = 2_000;

/** Connects to the relay on a port. Resolves when the relay has registered this member, so that no packet is missed. */
export async function connectToRelay(port: number): Promise<RelayTransport> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  await once(socket, "connect");
  const writeFrame = frameWriter(socket);
  const subscriptions = new Set<Subscription>();
  let asked: { readonly resolve: () => void; readonly reject: (error: Error) => void }[] = [];
  let isClosed = false;

  readFrames(socket, (frame) => {
    // An empty frame is a reply. The stream is ordered, so that all earlier frames of the relay have arrived.
    if (frame.length === 0) asked.shift()?.resolve();
    else deliver(decodePacket(frame));
  });
  socket.on("error", () => undefined);
  socket.on("close", () => {
    isClosed = true;
    subscriptions.clear();
    asked.forEach(({ reject }) => reject(closedError()));
    asked = [];
  });

  function deliver(packet: Packet | undefined): void {
    if (packet === undefined) return;
    for (const subscription of subscriptions) {
      if (subscription.conversationId !== packet.conversationId) continue;
      const own = { ...packet, payload: packet.payload.slice(), appId: packet.appId.slice() };
      // In a separate microtask: an exception in one listener does not affect the others.
      queueMicrotask(() => {
        if (subscriptions.has(subscription)) subscription.listener(own);
      });
    }
  }

  const transport: RelayTransport = {
    async publish(packet) {
      if (isClosed) throw closedError();
      await writeFrame(encodePacket(packet));
    },
    async subscribe(conversationId, listener): Promise<Unsubscribe> {
      if (isClosed) throw closedError();
      const subscription = { conversationId, listener };
      subscriptions.add(subscription);
      return () => void subscriptions.delete(subscription);
    },
    async flush() {
      if (isClosed) throw closedError();
      await new Promise<void>((resolve, reject) => {
        asked.push({ resolve, reject });
        writeFrame(EMPTY).catch(reject);
      });
    },
    async close() {
      isClosed = true;
      subscriptions.clear();
      if (socket.destroyed) return;
      // Pending packets are still sent, unless the relay hangs.
      const hanging = setTimeout(() => socket.destroy(), CLOSE_MS);
      await new Promise<void>((resolve) => socket.once("close", resolve).end());
      clearTimeout(hanging);
    },
  };
  await transport.flush();
  return transport;
}

function closedError(): Error {
  return new Error("The connection to the relay is closed.");
}
