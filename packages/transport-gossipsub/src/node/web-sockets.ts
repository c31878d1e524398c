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

/** Makes the transport for a node. */
export type WebSocketTransport = (components: WebSocketsComponents) => Transport;

/**
 * libp2p's transport over WebSocket. It is loaded now where the node listens on one, and otherwise when the first is
 * dialled: it brings a server, a sixteenth of all that is needed, and most nodes have TCP alone.
 */
export async function webSocketTransport(listen: readonly Multiaddr[]): Promise<WebSocketTransport> {
  if (listen.some(isWebSocket)) return loadWebSockets();
  return (components) => new DialledWebSockets(components);
}

async function loadWebSockets(): Promise<WebSocketTransport> {
  const { webSockets } = await import("@libp2p/websockets");
  return webSockets();
}

/** A transport that dials, and is not there until it does. */
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
    throw new Error("libp2p asks for no listener where listenFilter lets no address through.");
  }
}
