import type { SeededRandom } from "@demls/testkit";
import { apart, APART_TRAITS, apartMs } from "./apart.js";
import { away } from "./away.js";
import { crash } from "./crash.js";
import { cut } from "./cut.js";
import type { Fault } from "./fault.js";
import { equivocates } from "./hostile/equivocates.js";
import { hostile } from "./hostile/hostile.js";
import { intruders } from "./intruders/intruders.js";
import { joins } from "./joins.js";
import { loss } from "./loss.js";
import { offlineWriters } from "./offline-writers.js";
import { skew } from "./skew.js";
import { sleep } from "./sleep.js";

const MINUTE_MS = 60_000;

/** The faults of `all`, which short lives have. */
const TOGETHER = { loss, cut, crash, sleep, skew } satisfies Record<string, Fault>;
const SINGLE = {
  ...TOGETHER,
  away,
  apart,
  "offline-writers": offlineWriters,
  hostile,
  equivocates,
  joins,
  intruders,
} satisfies Record<string, Fault>;

/** Sets of faults that a life is played under. */
export const FAULT_KINDS = [
  "none",
  "loss",
  "cut",
  "crash",
  "sleep",
  "skew",
  "all",
  "away",
  "apart",
  "offline-writers",
  "hostile",
  "equivocates",
  "joins",
  "intruders",
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** The faults of a kind, by name. */
export function faultsOf(kind: FaultKind): readonly (readonly [name: string, fault: Fault])[] {
  if (kind === "none") return [];
  return kind === "all" ? Object.entries(TOGETHER) : [[kind, SINGLE[kind]]];
}

/** Whether processes die and start again, so that they need a storage. */
export function needsStorage(kind: FaultKind): boolean {
  return kind === "crash" || kind === "all" || kind === "joins";
}

/** Whether guests come by lines, and by them alone. */
export function hasGuests(kind: FaultKind): boolean {
  return kind === "joins" || kind === "intruders";
}

/** Whether a member is hostile. */
export function hasHostile(kind: FaultKind): boolean {
  return kind === "hostile" || kind === "equivocates" || kind === "intruders";
}

/** Whether a life is whole only if all chat has arrived at all members. */
export function countsChat(kind: FaultKind): boolean {
  return kind === "offline-writers" || kind === "apart";
}

/** Smallest group of a kind: with a hostile member, the honest ones outnumber it; each of two sides can have two members. */
export function smallestSize(kind: FaultKind): number {
  if (kind === "apart") return 4;
  return hasHostile(kind) ? 3 : 2;
}

/** Whether the faults of a kind come with changes of members and keys of their own. */
export function bringsChanges(kind: FaultKind): boolean {
  return kind === "apart";
}

/** Counts of a life that a run of many lives of a kind has; without one, the kind does not test what it says. */
export function traitsOf(kind: FaultKind): readonly string[] {
  return kind === "apart" ? APART_TRAITS : [];
}

/** Duration of the faults. */
export function durationMs(kind: FaultKind, random: SeededRandom): number {
  if (kind === "apart") return apartMs(random);
  if (kind === "away") return 3 * 24 * 60 * MINUTE_MS;
  return (hasGuests(kind) ? 15 : 30) * MINUTE_MS;
}
