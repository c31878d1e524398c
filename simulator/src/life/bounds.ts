import { LIMITS } from "demls/step";
import type { Person } from "../world/person.js";

/** Buffers of a person that exceed their bounds, as text. */
export function overfull({ name, conversation }: Person): readonly string[] {
  const buffers = conversation?.admin.inspect().buffers;
  if (buffers === undefined) return [];
  const sizes: readonly (readonly [string, number, number])[] = [
    ["outbox", buffers.outbox.count, LIMITS.outbox],
    ["bufferedPackets", buffers.bufferedPackets.count, LIMITS.bufferedPackets],
    ["bytes of bufferedPackets", buffers.bufferedPackets.bytes, LIMITS.bufferedPacketBytes],
    ["bufferedVotes", buffers.bufferedVotes.count, LIMITS.bufferedVotes],
    ["queuedMessages", buffers.queuedMessages.count, LIMITS.queuedMessages],
    ["pendingUpdates", buffers.pendingUpdates.count, LIMITS.pendingRemovals + LIMITS.pendingInvitations],
  ];
  return sizes.flatMap(([buffer, size, limit]) =>
    size > limit ? [`${name}: ${buffer} has ${size}, above ${limit}`] : [],
  );
}
