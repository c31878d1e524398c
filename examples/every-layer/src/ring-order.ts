import type { MemberId } from "@demls/wire/core";

/** How far the ring turns from one election to the next: the golden section of it, so that it soon goes all around. */
const STEP = 174_042_180_227_401n;

/** How an election of this epoch and round finds the ring turned. */
export interface Turn {
  readonly epoch: bigint;
  readonly round: number;
}

/**
 * The candidates as they follow each other on the ring, from where it is turned to.
 *
 * Who comes before whom depends on the two and the turn alone, not on who else is there: a list drawn from its own
 * members must come out as it is, since that is how joiners check it.
 */
export function ringOrder(candidates: readonly MemberId[], { epoch, round }: Turn): readonly MemberId[] {
  const turned = (epoch + BigInt(round)) * STEP;
  const distance = (id: MemberId): bigint => BigInt.asUintN(48, placeOf(id) - turned);
  return candidates
    .map((id) => ({ id, distance: distance(id) }))
    .sort((a, b) => Number(a.distance - b.distance) || (a.id < b.id ? -1 : 1))
    .map(({ id }) => id);
}

/** Members sit on a ring of 2^48 places, by the first six bytes of their ids; shorter ids where zeros behind them would put them. */
function placeOf(id: MemberId): bigint {
  return BigInt(`0x${id.slice(0, 12).padEnd(12, "0")}`);
}
