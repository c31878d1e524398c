import {
  transportSymbol,
  type Connection,
  type DialTransportOptions,
  type Listener,
  type Transport,
} from "@libp2p/interface";
import type { WebSocketsComponents } from "@libp2p/websockets";
import type { Multiaddr } from "@multiformats/multiaddr";
import { isWebSocket } from "./peer-address.js";

/** Creates the transport of a node. */
export type WebSocketTransport = (components: WebSocketsComponents) => Transport;

/**
 * Creates libp2p's WebSocket transport. It is loaded now if the node listens on one, otherwise at the first dial: it
 * includes a server, a sixteenth of the whole bundle, and most nodes use TCP only.
 */
export async function webSocketTransport(listen: readonly Multiaddr[]): Promise<WebSocketTransport> {
  if (listen.some(isWebSocket)) return loadWebSockets();
  return (components) => new DialledWebSockets(components);
}

async function loadWebSockets(): Promise<WebSocketTransport> {
  const { webSockets } = await import("@libp2p/websockets");
  return webSockets();
}

/** A transport for dialling that is loaded on demand. */
class DialledWebSockets implements Transport {
  readonly [transportSymbol] = true;
  readonly [Symbol.toStringTag] = "@demls/dialled-web-sockets";
  readonly #components: WebSocketsComponents;

  constructor(components: WebSocketsComponents) {
    this.#components = components;
  }

  async dial(address: Multiaddr, options: DialTransportOptions): Promise<Connection> {
    const create = await loadWebSockets();
    return create(this.#components).dial(address, options);
  }

  dialFilter(addresses: Multiaddr[]): Multiaddr[] {
    return addresses.filter(isWebSocket);
  }

  listenFilter(): Multiaddr[] {
    return [];
  }

  createListener(): Listener {
    throw new Error("libp2p creates no listener if listenFilter rejects every address.");
  }
}
