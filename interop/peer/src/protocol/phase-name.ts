import type { Phase } from "demls";

const NAMES: Readonly<Record<Exclude<Phase, "ended">, string>> = {
  "pending-join": "PendingJoin",
  working: "Working",
  freezing: "Freezing",
  selection: "Selection",
  reelection: "Reelection",
};

/** A phase as the protocol calls it; `undefined` for the end, which it has no name for. */
export function phaseName(phase: Phase): string | undefined {
  return phase === "ended" ? undefined : NAMES[phase];
}
