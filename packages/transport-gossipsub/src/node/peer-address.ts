import { DemlsError } from "@demls/wire/core";
import { multiaddr, CODE_P2P, type Multiaddr } from "@multiformats/multiaddr";
import { TCP, WebSockets, WebSocketsSecure } from "@multiformats/multiaddr-matcher";

/** A multiaddr that the node can listen on: TCP, or WebSocket over it. @throws DemlsError `invalid-address` */
export function listenAddress(text: string): Multiaddr {
  const address = parse(text, "listen");
  if (peerIdOf(address) === undefined && (TCP.exactMatch(address) || WebSockets.exactMatch(address)))
    return address;
  throw invalidAddress(text, "listen");
}

/** A multiaddr that the node can dial. @throws DemlsError `invalid-address` */
export function dialAddress(text: string): Multiaddr {
  const address = parse(text, "dial");
  if (isDialable(address)) return address;
  throw invalidAddress(text, "dial");
}

/** Whether the node has a transport for an address: TCP, or WebSocket over it. */
export function isDialable(address: Multiaddr): boolean {
  return TCP.exactMatch(address) || isWebSocket(address);
}

/** Whether an address is one of a WebSocket, over TLS or not. */
export function isWebSocket(address: Multiaddr): boolean {
  return WebSockets.exactMatch(address) || WebSocketsSecure.exactMatch(address);
}

/** Whom an address names, if it does. */
export function peerIdOf(address: Multiaddr): string | undefined {
  return address.getComponents().findLast(({ code }) => code === CODE_P2P)?.value;
}

type Use = "listen" | "dial";

function parse(text: string, use: Use): Multiaddr {
  try {
    return multiaddr(text);
  } catch {
    throw invalidAddress(text, use);
  }
}

function invalidAddress(text: string, use: Use): DemlsError<"invalid-address"> {
  return new DemlsError("invalid-address", {
    message: `One cannot ${use === "dial" ? "dial" : "listen on"} ${JSON.stringify(text)}.`,
    field: use,
    remedy:
      use === "dial"
        ? "Pass an address as a member's `addresses` has it: /ip4/203.0.113.7/tcp/4001/p2p/12D3Koo…"
        : "Pass /ip4/<address>/tcp/<port>, or that with /ws for WebSocket; port 0 is a free one.",
  });
}
