import type { GossipsubNodeTransport } from "../../packages/transport-gossipsub/dist/node/index.js";
import type { ForeignNode } from "./foreign-node.js";

/**
 * Resolves when ours, which listens to a conversation and is connected, can send to the foreign node and it to ours:
 * a node tells of its subscription over the very stream that its messages go out on.
 */
export async function mutuallySubscribed(ours: GossipsubNodeTransport, foreign: ForeignNode): Promise<void> {
  await foreign.subscribed(ours.peerId);
  await new Promise<void>((resolve) =>
    ours.connection$.subscribe(({ topics }) => {
      if (topics.some(({ subscribers }) => subscribers > 0)) resolve();
    }),
  );
}
