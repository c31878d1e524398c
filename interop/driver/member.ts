import type { Kind, Line, Peer } from "./peer.js";

/** One member or joiner. */
export interface Member {
  readonly name: string;
  readonly kind: Kind;
  readonly peer: Peer;
  /** Hex. */
  readonly identity: string;
  /** Received messages, newest last, without the messages that 3.0.0 sends in a joiner's name. */
  readonly read: string[];
  /** All lines other than replies, newest last. */
  readonly lines: Line[];
}
