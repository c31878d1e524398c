import type { GenerationRange, RepairMessage } from "@demls/wire";
import { bytesToHex } from "@demls/wire/core";
import { LIMITS } from "../model/limits.js";
import type { ChosenBy, PacketSlot } from "../model/repair.js";

/** Packets of an epoch that a member has. */
export interface Progress {
  /** Next generation of each leaf, in leaf order. */
  readonly next: readonly number[];
  /** Generations below `next` that it lacks. */
  readonly missing: readonly GenerationRange[];
  /** Ids of the candidates that it has. */
  readonly candidates: readonly string[];
  /** Choices that it has, by commit. */
  readonly chosen: readonly ChosenBy[];
}

/** A member's packets of an epoch, as a report states them. */
export function progressIn(report: Extract<RepairMessage, { kind: "progress" }>): Progress {
  const { next, missing, candidates, chosen } = report;
  return {
    ...{ next, missing, candidates: candidates.map(bytesToHex) },
    chosen: chosen.map(({ commit, choosers }) => ({
      commit: bytesToHex(commit),
      positions: positionsIn(choosers),
    })),
  };
}

/** Whether a member with `progress` has the packet of `slot`. */
export function hasPacket({ next, missing, candidates, chosen }: Progress, slot: PacketSlot): boolean {
  if (slot.kind === "candidate") return candidates.includes(slot.id);
  if (slot.kind === "choice") return hasChoice(chosen, slot.commit, slot.position);
  const { position, generation } = slot;
  return (
    generation < (next[position] ?? 0) && !missing.some((range) => contains(range, position, generation))
  );
}

function contains({ position, from, count }: GenerationRange, at: number, generation: number): boolean {
  return at === position && generation >= from && generation < from + count;
}

/** Whether a member with `other` has a packet that one with `progress` lacks, except for `voids`. */
export function lacks(progress: Progress, other: Progress, voids: readonly GenerationRange[]): boolean {
  return (
    other.candidates.some((id) => !progress.candidates.includes(id)) ||
    lacksChoices(progress, other) ||
    other.next.some((next, position) => next > (progress.next[position] ?? 0)) ||
    without(progress.missing, voids).some(({ position, from, count }) =>
      someGeneration(from, count, (generation) =>
        hasPacket(other, { kind: "message", position, generation }),
      ),
    )
  );
}

/** Whether a member with `other` has a choice that one with `progress` lacks. */
export function lacksChoices(progress: Progress, other: Progress): boolean {
  return other.chosen.some(({ commit, positions }) =>
    positions.some((position) => !hasChoice(progress.chosen, commit, position)),
  );
}

/**
 * Whether the choice of the member at `position` is among `chosen`, or as many others as are kept; `commit` may be longer
 * than an id.
 */
function hasChoice(chosen: readonly ChosenBy[], commit: string, position: number): boolean {
  const own = chosen.filter(({ positions }) => positions.includes(position));
  return own.length >= LIMITS.choicesPerMember || own.some((by) => commit.startsWith(by.commit));
}

/** Positions as a bitmap, least significant bit first. */
export function bitmapOf(positions: readonly number[]): Uint8Array {
  const bitmap = new Uint8Array(Math.ceil((Math.max(-1, ...positions) + 1) / 8));
  for (const position of positions)
    bitmap[position >> 3] = (bitmap[position >> 3] ?? 0) | (1 << (position & 7));
  return bitmap;
}

function positionsIn(bitmap: Uint8Array): readonly number[] {
  return [...bitmap].flatMap((byte, at) =>
    [0, 1, 2, 3, 4, 5, 6, 7].flatMap((bit) => ((byte >> bit) & 1 ? [8 * at + bit] : [])),
  );
}

function someGeneration(from: number, count: number, isSo: (generation: number) => boolean): boolean {
  for (let generation = from; generation < from + count; generation++) if (isSo(generation)) return true;
  return false;
}

/** `ranges` without the generations in `voids`. */
export function without(
  ranges: readonly GenerationRange[],
  voids: readonly GenerationRange[],
): readonly GenerationRange[] {
  return ranges.flatMap((range) => voids.reduce<readonly GenerationRange[]>(cutAll, [range]));
}

function cutAll(ranges: readonly GenerationRange[], hole: GenerationRange): readonly GenerationRange[] {
  return ranges.flatMap((range) => cut(range, hole));
}

function cut(range: GenerationRange, hole: GenerationRange): readonly GenerationRange[] {
  if (range.position !== hole.position) return [range];
  const end = range.from + range.count;
  const left = Math.min(end, hole.from) - range.from;
  const rightFrom = Math.max(range.from, hole.from + hole.count);
  const parts = [
    { ...range, count: left },
    { ...range, from: rightFrom, count: end - rightFrom },
  ];
  return parts.filter(({ count }) => count > 0);
}

/** Ranges of sorted generations of one leaf. */
export function rangesOf(position: number, generations: Iterable<number>): readonly GenerationRange[] {
  const ranges: GenerationRange[] = [];
  for (const generation of generations) {
    const last = ranges.at(-1);
    if (last !== undefined && last.from + last.count === generation) {
      ranges[ranges.length - 1] = { ...last, count: last.count + 1 };
    } else ranges.push({ position, from: generation, count: 1 });
  }
  return ranges;
}
