import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { frameWriter, readFrames, type WriteFrame } from "./frames.js";

/** So many members at one time; who comes later is turned away. */
const MAX_MEMBERS = 64;

/** Whoever has sent no frame by then keeps no place: a member begins with one. */
const FIRST_FRAME_MS = 5_000;

/** Passes packets on. It sees who sends how much and when, and never what. */
export interface Relay {
  /** On the loopback interface. */
  readonly port: number;
  close(): Promise<void>;
}

/** Starts a relay, which hands each frame of a member to all the others, and looks into none. */
export async function startRelay(): Promise<Relay> {
  const members = new Map<Socket, WriteFrame>();

  const server = createServer({ noDelay: true }, (socket) => {
    if (members.size >= MAX_MEMBERS) return void socket.destroy();
    const answer = frameWriter(socket);
    members.set(socket, answer);
    const silence = setTimeout(() => socket.destroy(), FIRST_FRAME_MS);
    socket.on("close", () => {
      clearTimeout(silence);
      members.delete(socket);
    });
    // "close" follows, which is all there is to do about it.
    socket.on("error", () => undefined);
    readFrames(socket, (frame) => {
      clearTimeout(silence);
      const others = [...members.values()].filter((write) => write !== answer);
      // What one member misses, since it is gone or too slow, holds up nobody else.
      for (const write of frame.length === 0 ? [answer] : others) write(frame).catch(() => undefined);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      for (const socket of members.keys()) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
