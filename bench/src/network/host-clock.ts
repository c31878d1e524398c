/**
 * Milliseconds since this machine was started, to the microsecond: the same in all its processes, and moved by no
 * correction of the time of day.
 */
export function hostMs(): number {
  return Number(process.hrtime.bigint() / 1_000n) / 1_000;
}
