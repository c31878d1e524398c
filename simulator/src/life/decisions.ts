import type { ChangeRequest, MemberId } from "demls";
import type { Person } from "../world/person.js";
import type { World } from "../world/world.js";

/** Time by which a probation may end early: a proposal may be dated ahead by 15 minutes, and packets take a while. */
const EARLY_MS = 16 * 60_000;

/**
 * Checks that members on probation decide on joiners alone: no honest member counts a vote of theirs on an emergency, an
 * election or a removal that is decided, unless none is settled.
 *
 * It knows by itself since when people are in the group. Clocks of some are off: they are not checked while they are.
 */
export function watchDecisions(world: World, probationMs: number): void {
  /** Voters on open proposals, as each honest member has counted them. */
  const counted = new Map<Person, Map<number, Set<MemberId>>>();

  function isNewcomer(member: MemberId): boolean {
    const person = world.people.find(({ id }) => id === member);
    const sinceMs = person?.diary.memberSinceMs;
    // The founder has come in by nobody's consent.
    if (person === world.people[0] || sinceMs === undefined) return false;
    return world.clock.monotonicMs() - sinceMs < probationMs - EARLY_MS;
  }

  function votersOf(person: Person, proposalId: number): Set<MemberId> {
    const proposals = counted.get(person) ?? new Map<number, Set<MemberId>>();
    const voters = proposals.get(proposalId) ?? new Set<MemberId>();
    counted.set(person, proposals.set(proposalId, voters));
    return voters;
  }

  world.onEvent((person, event) => {
    if (person.puppet !== undefined) return;
    if (event.kind === "voteCast") votersOf(person, event.proposalId).add(event.voter);
    if (event.kind !== "proposalDecided" || event.request.kind === "add" || person.wallSkewMs !== 0) return;
    const { proposalId, request, result } = event;
    world.count(`decisions on ${request.kind}`);
    if (result === "failed" || !person.conversation?.state.members.some(({ id }) => !isNewcomer(id))) return;
    for (const voter of votersOf(person, proposalId))
      if (isNewcomer(voter) && !isLeaveOf(voter, request))
        world.violate(`${person.name}: ${nameOf(world, voter)}, on probation, decides on ${request.kind}`);
  });
}

/** A leave has one voter, the leaver. */
function isLeaveOf(voter: MemberId, request: ChangeRequest): boolean {
  return request.kind === "remove" && request.member === voter;
}

function nameOf({ people }: World, member: MemberId): string {
  return people.find(({ id }) => id === member)?.name ?? member;
}
