/** Place of an opened message: epoch, sender's leaf and generation. */
export interface OpenedPlace {
  readonly epoch: bigint;
  readonly leafIndex: number;
  readonly generation: number;
}
