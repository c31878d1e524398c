import { platformClock, platformRandom } from "demls";
import type { ChatTransport, Framing } from "./chat-transport.js";

/** What the libp2p node of a chat is made of. */
export interface GossipsubTransportOptions {
  /** Multiaddrs on which others may connect. */
  readonly listen: readonly string[];
  /** Multiaddrs of others that connections are kept to. */
  readonly dial: readonly string[];
  /** Whether others are looked for, and found, by multicast DNS. */
  readonly mdns: boolean;
  readonly framing: Framing;
  /** Seed of the node's Ed25519 key, 32 bytes. */
  readonly nodeKey: Uint8Array;
}

/**
 * A libp2p node for a chat. It is loaded only now: the other commands need none of it.
 *
 * @throws what the node throws, such as for an address that cannot be listened on.
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
