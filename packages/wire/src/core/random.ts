/** Randomness port. Must be cryptographically strong outside tests. */
export interface RandomSource {
  /** `length` fresh random bytes. */
  bytes(length: number): Uint8Array;
}
