import { DemlsError } from "@demls/wire/core";
import { CODE_P2P, multiaddr, type Multiaddr } from "@multiformats/multiaddr";
import { TCP, WebSockets, WebSocketsSecure } from "@multiformats/multiaddr-matcher";

/** Parses a multiaddr to listen on: TCP, or WebSocket over it. @throws DemlsError `invalid-address` */
export function listenAddress(text: string): Multiaddr {
  const address = parse(text, "listen");
  if (peerIdOf(address) === undefined && (TCP.exactMatch(address) || WebSockets.exactMatch(address)))
    return address;
  throw invalidAddress(text, "listen");
}

/** Parses a multiaddr to dial. @throws DemlsError `invalid-address` */
export function dialAddress(text: string): Multiaddr {
  return dialable(text, "dial");
}

/** Parses a multiaddr of a known peer. @throws DemlsError `invalid-address` */
export function knownAddress(text: string): Multiaddr {
  return dialable(text, "knownPeers");
}

/** Whether the node has a transport for an address: TCP, or WebSocket over it. */
export function isDialable(address: Multiaddr): boolean {
  return TCP.exactMatch(address) || isWebSocket(address);
}

/** Whether an address is a WebSocket's, over TLS or not. */
export function isWebSocket(address: Multiaddr): boolean {
  return WebSockets.exactMatch(address) || WebSocketsSecure.exactMatch(address);
}

/** The peer id in an address, if any. */
export function peerIdOf(address: Multiaddr): string | undefined {
  return address.getComponents().findLast(({ code }) => code === CODE_P2P)?.value;
}

/** Appends the peer id to the address, so that no other peer can answer there. */
export function withPeerId(address: Multiaddr, peerId: string): Multiaddr {
  return multiaddr(`${String(address.decapsulateCode(CODE_P2P))}/p2p/${peerId}`);
}

type Use = "listen" | "dial" | "knownPeers";

function dialable(text: string, use: Use): Multiaddr {
  const address = parse(text, use);
  if (isDialable(address)) return address;
  throw invalidAddress(text, use);
}

function parse(text: string, use: Use): Multiaddr {
  try {
    return multiaddr(text);
  } catch {
    throw invalidAddress(text, use);
  }
}

function invalidAddress(text: string, use: Use): DemlsError<"invalid-address"> {
  return new DemlsError("invalid-address", {
    message: `The node cannot ${use === "listen" ? "listen on" : "dial"} ${JSON.stringify(text)}.`,
    field: use,
    remedy:
      use === "listen"
        ? "Pass /ip4/<address>/tcp/<port>, with /ws for WebSocket; port 0 is any free one."
        : "Pass an address from a member's `addresses`: /ip4/203.0.113.7/tcp/4001/p2p/12D3Koo…",
  });
}
