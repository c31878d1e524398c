/** State of an address that is kept connected. */
export interface DialledAddress {
  /** The multiaddr as given. */
  readonly address: string;
  /** `waiting` until `nextAtMs`, or until the node is online again. */
  readonly state: "dialling" | "connected" | "waiting";
  /** Number of failed dials and immediately lost connections since the last lasting connection. */
  readonly failures: number;
  /** Time of the next dial by the monotonic clock, in ms; absent if none is scheduled. */
  readonly nextAtMs?: number;
  /** Error of the last dial; absent once one has succeeded. */
  readonly lastError?: string;
}
