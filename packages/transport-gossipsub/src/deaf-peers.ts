import type { Connection } from "@libp2p/interface";

/**
 * Whether a connected peer has closed the stream for messages to it. The Rust crate libp2p closes it after a message
 * above its maximum size. gossipsub 17.1.1 then keeps writing to that stream and opens no other, so all further
 * messages would be lost silently.
 *
 * @param protocols - protocol ids of gossipsub's streams
 */
export function isDeaf({ streams }: Connection, protocols: readonly string[]): boolean {
  return streams.some(
    ({ direction, protocol, remoteWriteStatus }) =>
      direction === "outbound" && protocols.includes(protocol) && remoteWriteStatus !== "writable",
  );
}
