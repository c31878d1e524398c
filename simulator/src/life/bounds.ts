import { LIMITS } from "demls/step";
import type { Person } from "../world/person.js";
import type { World } from "../world/world.js";

/** Between two checks of one member. */
const CHECK_MS = 60_000;

/** Checks of the buffers of members. */
export interface BoundsWatch {
  /** Checks all members at the end of the life. */
  settle(): void;
}

/** Checks the buffers of a member after its packets and events, at most once a minute: an inspection takes a while. */
export function watchBounds(world: World): BoundsWatch {
  const checkedMs = new Map<Person, number>();

  function check(person: Person): void {
    if (person.puppet !== undefined) return;
    for (const text of overfull(person)) world.violate(text);
  }

  world.onActivity((person) => {
    const nowMs = world.clock.monotonicMs();
    if (nowMs - (checkedMs.get(person) ?? -Infinity) < CHECK_MS) return;
    checkedMs.set(person, nowMs);
    check(person);
  });
  return { settle: () => world.people.forEach(check) };
}

/** Buffers of a person that exceed their bounds, as text. */
function overfull({ name, conversation }: Person): readonly string[] {
  const inspection = conversation?.admin.inspect();
  if (inspection === undefined) return [];
  const { buffers, candidates, forks, members } = inspection;
  const maxCandidates = (LIMITS.candidatesPerSteward + LIMITS.choicesPerMember) * members.length;
  const sizes: readonly (readonly [string, number, number])[] = [
    ["outbox", buffers.outbox.count, LIMITS.outbox],
    ["bufferedPackets", buffers.bufferedPackets.count, LIMITS.bufferedPackets],
    ["bytes of bufferedPackets", buffers.bufferedPackets.bytes, LIMITS.bufferedPacketBytes],
    ["bufferedVotes", buffers.bufferedVotes.count, LIMITS.bufferedVotes],
    ["queuedMessages", buffers.queuedMessages.count, LIMITS.queuedMessages],
    ["pendingUpdates", buffers.pendingUpdates.count, LIMITS.pendingRemovals + LIMITS.pendingInvitations],
    ["loggedPackets", buffers.loggedPackets.count, LIMITS.loggedPackets],
    ["bytes of loggedPackets", buffers.loggedPackets.bytes, LIMITS.loggedBytes],
    ["sentMessages", buffers.sentMessages.count, LIMITS.sentMessages],
    ["bans", conversation?.state.bans.length ?? 0, LIMITS.bans],
    ["knownInvitations", conversation?.state.invitations.length ?? 0, LIMITS.knownInvitations],
    ["forks", forks.length, LIMITS.forks],
    ["candidates", candidates.length, maxCandidates],
  ];
  return sizes.flatMap(([buffer, size, limit]) =>
    size > limit ? [`${name}: ${buffer} has ${size}, above ${limit}`] : [],
  );
}
