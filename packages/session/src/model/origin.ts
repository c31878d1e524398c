/**
 * Way of a packet to this member: from its sender; resent by a member that had it, in an answer; or yielded by the
 * transport's history.
 */
export type Origin = "network" | "repair" | "history";

/** Whether a packet may be old: times that count from its arrival do not apply. */
export function isResent(origin: Origin): boolean {
  return origin !== "network";
}
