import { decidedApart } from "./decided-apart.js";
import { invitedTwice } from "./invited-twice.js";
import { lostAtRust } from "./lost-packets.js";
import { isAtRest, standing, type PeerState } from "./state.js";
import type { Member, World } from "./world.js";

/** A weakness of de-mls 3.0.0 that parts a group, and the packet that it began with. */
export interface KnownCause {
  /** As numbered in docs/interop.md. */
  readonly weakness: "W2" | "W6" | "W10" | "W13";
  readonly what: string;
  /** Who sent the packet, and which of its packets it was. */
  readonly packet: string;
}

/** Members did not come to agree in time. */
export class Parting extends Error {
  /** Absent where ours may be at fault. */
  readonly known: KnownCause | undefined;

  constructor(message: string, known: KnownCause | undefined) {
    super(known === undefined ? message : `${message}\n  ${known.weakness}: ${known.what} (${known.packet})`);
    this.known = known;
  }
}

/** A member and how things stand with it. */
interface Witness {
  readonly member: Member;
  readonly state: PeerState | undefined;
}

/** Looks into why `members`, all of whom should be in and agree, do not. */
export async function investigate(world: World, members: readonly Member[], what: string): Promise<Parting> {
  const witnesses = await Promise.all(
    members.map(async (member) => ({ member, state: await world.state(member) })),
  );
  const lines = witnesses.map(({ member, state }) => `\n  ${member.name}: ${describe(state)}`);
  return new Parting(`${what}: the members have parted.${lines.join("")}`, findCause(world, witnesses));
}

function describe(state: PeerState | undefined): string {
  if (state === undefined) return "not in the conversation";
  const { state: phase, approved } = state;
  return `${phase}${isAtRest(state) ? "" : ", not at rest"}, approved ${approved.length}, ${standing(state)}`;
}

/**
 * What 3.0.0 is known to go wrong over and has, since the members last agreed. There is no such excuse where
 * members of ours differ among themselves, or where no member of 3.0.0 stands apart from ours.
 */
function findCause(world: World, witnesses: readonly Witness[]): KnownCause | undefined {
  const standings = new Set(
    witnesses.filter(({ member }) => member.kind === "ts").map(({ state }) => state && standing(state)),
  );
  if (standings.size > 1) return undefined;
  const [ours] = standings;
  const apart = witnesses.filter(
    ({ member, state }) =>
      member.kind === "rust" && (state === undefined || standing(state) !== ours || !isAtRest(state)),
  );
  const suspects = new Set(apart.map(({ member }) => member));
  return lostAtRust(world, suspects) ?? invitedTwice(world) ?? decidedApart(world, suspects);
}
