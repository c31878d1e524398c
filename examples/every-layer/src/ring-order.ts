import type { MemberId } from "@demls/wire/core";

/** Rotation of the ring per election: its golden section, so that successive elections cover the ring evenly. */
const STEP = 174_042_180_227_401n;

/** Rotation of the ring in the election of an epoch and round. */
export interface Turn {
  readonly epoch: bigint;
  readonly round: number;
}

/**
 * The candidates in ring order, from the rotation.
 *
 * The order of two candidates depends only on them and on the rotation, and not on the other candidates. So a joiner
 * can re-derive a list from its members alone, which is how it validates the list.
 */
export function ringOrder(candidates: readonly MemberId[], { epoch, round }: Turn): readonly MemberId[] {
  const turned = (epoch + BigInt(round)) * STEP;
  const distance = (id: MemberId): bigint => BigInt.asUintN(48, placeOf(id) - turned);
  return candidates
    .map((id) => ({ id, distance: distance(id) }))
    .sort((a, b) => Number(a.distance - b.distance) || (a.id < b.id ? -1 : 1))
    .map(({ id }) => id);
}

/** Position on a ring of 2^48 places: the first six bytes of the id, padded with zeros. */
function placeOf(id: MemberId): bigint {
  return BigInt(`0x${id.slice(0, 12).padEnd(12, "0")}`);
}
