/** What carries texts between members: a conversation, or gossipsub with nothing over it. */
export interface Channel {
  /** Where the member's node can be dialled. */
  readonly addresses: readonly string[];
  dial(addresses: readonly string[]): Promise<void>;
  /** Resolves once `members` are in, and nothing is under way among them. */
  open(members: number): Promise<void>;
  /** Resolves when the text is on its way, or rejects where it can't be. */
  send(text: string): Promise<unknown>;
}

/** What the members of a group talk through. */
export type ChannelKind =
  /** gossipsub with nothing over it. */
  | "raw"
  /** A conversation, in a framing. */
  | "plain"
  | "waku";

/** Is given what others sent. */
export type OnText = (text: string) => void;
