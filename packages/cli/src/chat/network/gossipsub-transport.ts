import { platformClock, platformRandom } from "demls";
import type { ChatTransport, TransportOptions } from "./chat-transport.js";

/**
 * Starts a libp2p node. The dynamic import keeps libp2p out of the other commands.
 *
 * @throws the errors of the node, such as for an invalid listen address.
 */
export async function startGossipsubTransport(options: TransportOptions): Promise<ChatTransport> {
  const { startGossipsub } = await import("@demls/transport-gossipsub/node");
  const { framing, listen, dial, knownPeers, mdns, nodeKey: privateKey } = options;
  return startGossipsub({
    clock: platformClock,
    random: platformRandom,
    framing,
    listen,
    dial,
    knownPeers,
    mdns,
    privateKey,
  });
}
