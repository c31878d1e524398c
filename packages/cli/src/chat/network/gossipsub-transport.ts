import { platformClock, platformRandom } from "demls";
import type { ChatTransport } from "./chat-transport.js";
import type { OpenIdentity } from "../identity/open-identity.js";
import type { ChatOptions } from "../options/chat-options.js";

/**
 * A libp2p node for a chat. It is loaded only now: the other commands need none of it.
 *
 * @throws what the node throws, such as for an address that cannot be listened on.
 */
export async function startChatTransport(
  options: ChatOptions,
  { nodeKey }: OpenIdentity,
): Promise<ChatTransport> {
  const { startGossipsub } = await import("@demls/transport-gossipsub/node");
  const { framing, listen, dial, mdns } = options;
  return startGossipsub({
    clock: platformClock,
    random: platformRandom,
    framing,
    listen,
    dial,
    mdns,
    privateKey: nodeKey,
  });
}
