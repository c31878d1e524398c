import { platformClock, platformRandom } from "demls";
import type { ChatTransport, Framing } from "./chat-transport.js";

/** Options of the libp2p node of a chat. */
export interface GossipsubTransportOptions {
  /** Multiaddrs to listen on. */
  readonly listen: readonly string[];
  /** Multiaddrs to dial, and to redial after a loss. */
  readonly dial: readonly string[];
  /** Whether to discover peers, and be discovered, by multicast DNS. */
  readonly mdns: boolean;
  readonly framing: Framing;
  /** Seed of the node's Ed25519 key, 32 bytes. */
  readonly nodeKey: Uint8Array;
}

/**
 * Starts a libp2p node. The dynamic import keeps libp2p out of the other commands.
 *
 * @throws the errors of the node, such as for an invalid listen address.
 */
export async function startGossipsubTransport(options: GossipsubTransportOptions): Promise<ChatTransport> {
  const { startGossipsub } = await import("@demls/transport-gossipsub/node");
  const { framing, listen, dial, mdns, nodeKey: privateKey } = options;
  return startGossipsub({
    clock: platformClock,
    random: platformRandom,
    framing,
    listen,
    dial,
    mdns,
    privateKey,
  });
}
