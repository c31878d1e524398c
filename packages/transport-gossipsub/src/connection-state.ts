/** A topic as it is at one time. */
export interface TopicState {
  /** The gossipsub topic. */
  readonly topic: string;
  /** The conversations that it carries here. */
  readonly conversationIds: readonly string[];
  /** Connected peers who listen to it. */
  readonly subscribers: number;
  /** Those of them that messages are exchanged with in full: gossipsub's mesh. */
  readonly mesh: number;
}

/** Packets that came and were not delivered, since the transport began. */
export interface DroppedPackets {
  /** Larger than any packet may be. */
  readonly oversized: number;
  /** No packet, by the framing. */
  readonly undecodable: number;
  /** On a topic that nobody here had subscribed to. */
  readonly unasked: number;
  /** Authenticated by nobody, or malformed, as the session found. */
  readonly forged: number;
  /** Come before. */
  readonly duplicate: number;
  /** Own ones that came back. */
  readonly echo: number;
}

/** How a transport is connected. */
export interface ConnectionState {
  /** The ids of the peers that the node is connected to. */
  readonly peers: readonly string[];
  /** The topics of the conversations that are listened to here. */
  readonly topics: readonly TopicState[];
  /** Packets that wait for a peer. */
  readonly waiting: number;
  /** What came and was not delivered. */
  readonly dropped: DroppedPackets;
}
