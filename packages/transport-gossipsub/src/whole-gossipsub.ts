import type { GossipSub } from "@libp2p/gossipsub";

/** Members of gossipsub's class that its interface lacks. */
export interface WholeGossipSub extends GossipSub {
  isStarted(): boolean;
  getMeshPeers(topic: string): string[];
  publish(topic: string, data: Uint8Array, options?: PublishOptions): ReturnType<GossipSub["publish"]>;
}

export interface PublishOptions {
  readonly allowPublishToZeroTopicPeers: boolean;
  readonly ignoreDuplicatePublishError: boolean;
}

/** Without a suitable peer, or for a message sent before, publishing returns no recipients and does not throw. */
export const NOBODY_IS_NO_ERROR: PublishOptions = {
  allowPublishToZeroTopicPeers: true,
  ignoreDuplicatePublishError: true,
};
