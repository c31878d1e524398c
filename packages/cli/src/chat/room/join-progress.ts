/** The likely cause of a join that expired: no peer, no peer in the conversation, or peers that let no one in. */
export type JoinObstacle = "no-peer" | "no-member" | "not-let-in";

/** The best of the connections that a joiner has had. */
export interface JoinProgress {
  /** Records a connection state. */
  noteConnection(peers: number, subscribers: number): void;
  readonly obstacle: JoinObstacle;
}

export function createJoinProgress(): JoinProgress {
  let most = { peers: 0, subscribers: 0 };
  return {
    noteConnection(peers, subscribers) {
      most = { peers: Math.max(most.peers, peers), subscribers: Math.max(most.subscribers, subscribers) };
    },
    get obstacle() {
      if (most.subscribers > 0) return "not-let-in";
      return most.peers > 0 ? "no-member" : "no-peer";
    },
  };
}
