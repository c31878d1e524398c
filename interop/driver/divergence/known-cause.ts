/** A weakness of de-mls 3.0.0 that makes a group diverge, and the first packet affected. */
export interface KnownCause {
  /** As numbered in docs/interop.md. */
  readonly weakness: "W2" | "W6" | "W10" | "W13";
  readonly what: string;
  /** Sender of the packet, and its index among the sender's packets. */
  readonly packet: string;
}
