/** Pubsub topic of every conversation: cluster 15, shard 1, as in de-mls 3.0.0 (`src/ds/waku`). */
export const WAKU_PUBSUB_TOPIC = "/waku/2/rs/15/1";
