import type { Death } from "./mortal-member.js";

/** A crash in a scene of the life, at a write counted from the beginning of the scene. */
export interface Cut extends Death {
  readonly scene: string;
}

/** All cuts of a member: a crash before and a crash after each of its writes, by scene. */
export function cutsOf(writes: ReadonlyMap<string, number>): ReadonlyMap<string, readonly Cut[]> {
  return new Map(
    [...writes].map(([scene, count]) => [
      scene,
      Array.from({ length: count }, (_, i) => i + 1).flatMap((write) =>
        (["before", "after"] as const).map((moment) => ({ scene, write, moment })),
      ),
    ]),
  );
}

/**
 * Distributes the cuts over lives with at most one crash in each scene: as many lives as the scene with the most cuts has
 * cuts. Those of the other scenes are spread evenly, so that scenes with few cuts are mostly lived through without a crash,
 * in which the consequences of earlier crashes show.
 */
export function livesOf(cuts: ReadonlyMap<string, readonly Cut[]>): readonly (readonly Cut[])[] {
  const scenes = [...cuts.values()];
  const count = Math.max(...scenes.map(({ length }) => length));
  return Array.from({ length: count }, (_, life) =>
    scenes.flatMap((ofScene) => ofScene.filter((_, i) => Math.floor((i * count) / ofScene.length) === life)),
  );
}
