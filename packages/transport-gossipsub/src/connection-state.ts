/** State of one subscribed topic. */
export interface TopicState {
  /** The gossipsub topic. */
  readonly topic: string;
  /** Conversations of this node on the topic. */
  readonly conversationIds: readonly string[];
  /** Connected peers subscribed to it. */
  readonly subscribers: number;
  /** Subscribers in gossipsub's mesh, which exchange full messages. */
  readonly mesh: number;
}

/** Counts of received packets that were dropped, since the transport started. */
export interface DroppedPackets {
  /** Larger than the bound. */
  readonly oversized: number;
  /** Invalid in the framing. */
  readonly undecodable: number;
  /** On a topic without a subscription here. */
  readonly unasked: number;
  /** Malformed or unauthenticated, by the session's verdict. */
  readonly forged: number;
  /** Read a moment ago, by the session's verdict. */
  readonly repeated: number;
  /** Packets of joiners beyond the rate of the peer that sent them. */
  readonly overRate: number;
  /** Received before. */
  readonly duplicate: number;
  /** Own packets that came back. */
  readonly echo: number;
}

/** Connection state of a transport. */
export interface ConnectionState {
  /** Ids of the connected peers. */
  readonly peers: readonly string[];
  /** Subscribed topics of conversations. */
  readonly topics: readonly TopicState[];
  /** Number of packets that wait for a peer. */
  readonly waiting: number;
  /** Counts of dropped packets. */
  readonly dropped: DroppedPackets;
}
