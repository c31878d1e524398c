/** An address that is kept connected, as it is at one time. */
export interface DialledAddress {
  /** The multiaddr, as it was given. */
  readonly address: string;
  /** `waiting` until `nextAtMs`, or until the node is online again. */
  readonly state: "dialling" | "connected" | "waiting";
  /** Dials that failed, and connections that were lost at once, since a connection last held. */
  readonly failures: number;
  /** When it is dialled next, by the monotonic clock, in ms; absent where it is not waiting for that. */
  readonly nextAtMs?: number;
  /** What the last dial failed with; absent once one has succeeded. */
  readonly lastError?: string;
}
