/**
 * Milliseconds since boot, with microsecond resolution. Equal in all processes, and independent of clock corrections.
 */
export function hostMs(): number {
  return Number(process.hrtime.bigint() / 1_000n) / 1_000;
}
