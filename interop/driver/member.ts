import type { Kind, Line, Peer } from "./peer.js";

/** One member or joiner. */
export interface Member {
  readonly name: string;
  readonly kind: Kind;
  readonly peer: Peer;
  /** Hex. */
  readonly identity: string;
  /** What it has read, newest last; what 3.0.0 says in a newcomer's name is left out. */
  readonly read: string[];
  /** Every line that came by itself, newest last. */
  readonly lines: Line[];
}
