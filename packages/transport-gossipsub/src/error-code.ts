/** Error codes of `@demls/transport-gossipsub`, for thrown errors and rejections. */
export type GossipsubErrorCode =
  // Of `gossipsubService`, `createGossipsubTransport` and `startGossipsub`.
  /** `framing` is neither `"waku"` nor `"plain"`. */
  | "unknown-framing"
  /** `createGossipsubTransport`: `gossipsubService` did not make the `pubsub` of the node. */
  | "foreign-pubsub"
  /** `createGossipsubTransport`: another transport uses the node; close that one first. */
  | "node-in-use"
  /** `publishTimeoutMs` is negative or not finite. */
  | "invalid-publish-timeout"
  /** `startGossipsub`: `privateKey` is not a `Uint8Array` of 32 bytes. */
  | "invalid-private-key"
  /** `startGossipsub`: a port is taken, or an address is not of this machine; `cause` has the error of libp2p. */
  | "cannot-listen"
  /** `stores` are given with another framing than `waku`. */
  | "stores-need-waku"
  /** `stores` has more than 16 addresses. */
  | "too-many-stores"
  /** `stores` has more than seven further subtopics. */
  | "too-many-subtopics"
  // Of `startGossipsub` and `dial`.
  /** An address is not a multiaddr of TCP or WebSocket; one of `stores` is no multiaddr. */
  | "invalid-address"
  /** An address to dial is that of the node itself. */
  | "own-address"
  /** More than 64 addresses would be kept connected. */
  | "too-many-addresses"
  // Of `dial`.
  /** The node is offline; it dials the address after `goOnline`. */
  | "offline"
  /** The first dial failed; the node continues to dial. */
  | "unreachable"
  // Of `publish` and `subscribe`.
  /** No peer that subscribes to the conversation was reached within `publishTimeoutMs`, by default 10 s. */
  | "no-peers"
  /** 1,024 packets, or 16 MiB of them, wait for a peer. */
  | "too-many-waiting"
  /** The transport subscribes to 2,048 topics. */
  | "too-many-topics"
  /** Payload and names together have more than 1 MiB minus 4 KiB. */
  | "packet-too-large"
  /** With framing `waku`: the name of the conversation is empty or has a slash. */
  | "invalid-conversation-id"
  // Of `history`.
  /** No store answered to the end; `cause` has the error of libp2p, if any. */
  | "history-unavailable"
  // Of several calls.
  /** With framing `waku`: the subtopic is empty or has a slash. */
  | "invalid-subtopic"
  /** The transport was closed, also while a packet waited. */
  | "transport-closed";
