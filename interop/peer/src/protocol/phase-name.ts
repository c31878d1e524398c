import type { Phase } from "demls";

const NAMES: Readonly<Record<Exclude<Phase, "ended">, string>> = {
  "pending-join": "PendingJoin",
  working: "Working",
  freezing: "Freezing",
  selection: "Selection",
  reelection: "Reelection",
};

/** The protocol's name of a phase; `undefined` for the phase ended, which has none. */
export function phaseName(phase: Phase): string | undefined {
  return phase === "ended" ? undefined : NAMES[phase];
}
