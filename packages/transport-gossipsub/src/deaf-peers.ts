import type { Connection } from "@libp2p/interface";

/**
 * Whether the peer has stopped listening to gossipsub while its connection stands: it has closed the stream that is
 * sent to it on. The crate libp2p does so at a message that is larger than it takes. gossipsub 17.1.1 sends into that
 * stream for ever and opens no other, so that all further messages would be lost in silence.
 *
 * @param protocols - the protocol ids of gossipsub's streams
 */
export function isDeaf({ streams }: Connection, protocols: readonly string[]): boolean {
  return streams.some(
    ({ direction, protocol, remoteWriteStatus }) =>
      direction === "outbound" && protocols.includes(protocol) && remoteWriteStatus !== "writable",
  );
}
