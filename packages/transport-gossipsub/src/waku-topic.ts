/** The pubsub topic of every conversation: cluster 15, shard 1, as de-mls 3.0.0 has it (`src/ds/waku`). */
export const WAKU_PUBSUB_TOPIC = "/waku/2/rs/15/1";
