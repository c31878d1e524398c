import type { GossipsubNodeTransport } from "../../packages/transport-gossipsub/dist/node/index.js";
import type { ForeignNode } from "./foreign-node.js";

/**
 * Resolves when our subscribed and connected node and the foreign node can send to each other. A node sends its
 * subscription on the stream of its messages.
 */
export async function mutuallySubscribed(ours: GossipsubNodeTransport, foreign: ForeignNode): Promise<void> {
  await foreign.subscribed(ours.peerId);
  await new Promise<void>((resolve) =>
    ours.connection$.subscribe(({ topics }) => {
      if (topics.some(({ subscribers }) => subscribers > 0)) resolve();
    }),
  );
}
