/** A weakness of de-mls 3.0.0 that parts a group, and the packet that it began with. */
export interface KnownCause {
  /** As numbered in docs/interop.md. */
  readonly weakness: "W2" | "W6" | "W10" | "W13";
  readonly what: string;
  /** Who sent the packet, and which of its packets it was. */
  readonly packet: string;
}
