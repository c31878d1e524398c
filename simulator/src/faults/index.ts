import { crash } from "./crash.js";
import { cut } from "./cut.js";
import type { Fault } from "./fault.js";
import { loss } from "./loss.js";
import { skew } from "./skew.js";
import { sleep } from "./sleep.js";

export { LOST_BATCHES } from "./crash.js";

const SINGLE = { loss, cut, crash, sleep, skew } satisfies Record<string, Fault>;

/** Sets of faults that a life is played under. */
export const FAULT_KINDS = ["none", "loss", "cut", "crash", "sleep", "skew", "all"] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** The faults of a kind, by name. */
export function faultsOf(kind: FaultKind): readonly (readonly [name: string, fault: Fault])[] {
  if (kind === "none") return [];
  return kind === "all" ? Object.entries(SINGLE) : [[kind, SINGLE[kind]]];
}

/** Whether processes die and start again, so that they need a storage. */
export function needsStorage(kind: FaultKind): boolean {
  return kind === "crash" || kind === "all";
}
