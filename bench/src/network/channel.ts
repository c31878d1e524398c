/** A channel for texts between members: a conversation, or plain gossipsub. */
export interface Channel {
  /** Addresses of the member's node. */
  readonly addresses: readonly string[];
  dial(addresses: readonly string[]): Promise<void>;
  /** Resolves when `members` members have joined and are idle. */
  open(members: number): Promise<void>;
  /** Sends a text. Resolves when it is published, and rejects if that fails. */
  send(text: string): Promise<unknown>;
}

/** Kind of a channel. */
export type ChannelKind =
  /** Plain gossipsub. */
  | "raw"
  /** A conversation, in a framing. */
  | "plain"
  | "waku";

/** Receives the texts of others. */
export type OnText = (text: string) => void;
