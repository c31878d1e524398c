import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { frameWriter, readFrames, type WriteFrame } from "./frames.js";

/** Maximum number of connected members; further connections are closed. */
const MAX_MEMBERS = 64;

/** Time limit for the first frame of a connection; a member sends one at once. */
const FIRST_FRAME_MS = 5_000;

/** Forwards packets. The relay sees the sender, size and time of each packet, but not its content. */
export interface Relay {
  /** Port on the loopback interface. */
  readonly port: number;
  close(): Promise<void>;
}

/** Starts a relay, which forwards each frame of a member to all others without decoding it. */
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
    // A "close" event follows, which does the cleanup.
    socket.on("error", () => undefined);
    readFrames(socket, (frame) => {
      clearTimeout(silence);
      const others = [...members.values()].filter((write) => write !== answer);
      // A member that is gone or too slow must not delay the others.
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
