import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { readFrames, writeFrame } from "./frames.js";

/** So many members at one time; who comes later is turned away. */
const MAX_MEMBERS = 64;

/** Passes packets on. It sees who sends how much and when, and never what. */
export interface Relay {
  /** On the loopback interface. */
  readonly port: number;
  close(): Promise<void>;
}

/** Starts a relay, which hands each frame of a member to all the others, and looks into none. */
export async function startRelay(): Promise<Relay> {
  const members = new Set<Socket>();

  const server = createServer({ noDelay: true }, (socket) => {
    if (members.size >= MAX_MEMBERS) return void socket.destroy();
    members.add(socket);
    socket.on("close", () => members.delete(socket));
    // "close" follows, which is all there is to do about it.
    socket.on("error", () => undefined);
    readFrames(socket, (frame) => {
      const receivers = frame.length === 0 ? [socket] : [...members].filter((member) => member !== socket);
      // What one member misses, since it is gone or too slow, holds up nobody else.
      for (const receiver of receivers) writeFrame(receiver, frame).catch(() => undefined);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      for (const socket of members) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
