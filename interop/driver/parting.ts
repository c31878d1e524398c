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

/** Looks into why `members` do not agree. */
export async function investigate(world: World, members: readonly Member[], what: string): Promise<Parting> {
  const standings = await Promise.all(
    members.map(async (member) => ({ member, state: await world.state(member) })),
  );
  const lines = standings.map(({ member, state }) => `\n  ${member.name}: ${describe(state)}`);
  const message = `${what}: the members have parted.${lines.join("")}`;
  const ours = standings.filter(({ member }) => member.kind === "ts");
  const oursAgree = new Set(ours.map(({ state }) => state && standing(state))).size <= 1;
  const mixed = ours.length < members.length;
  return new Parting(message, oursAgree && mixed ? findCause(world) : undefined);
}

function describe(state: PeerState | undefined): string {
  if (state === undefined) return "not in the conversation";
  const { state: phase, approved } = state;
  return `${phase}${isAtRest(state) ? "" : ", not at rest"}, approved ${approved.length}, ${standing(state)}`;
}

/** The earliest packet since the members last agreed that 3.0.0 is known to go wrong over. */
function findCause(world: World): KnownCause | undefined {
  return lostAtRust(world) ?? invitedTwice(world) ?? decidedApart(world);
}

/** Votes were counted in another order, which decides another way in 3.0.0. */
function decidedApart(world: World): KnownCause | undefined {
  const outcomes = new Map<number, Set<string>>();
  for (const { lines } of world.members.values()) {
    for (const line of lines) {
      if (line.type !== "consensus") continue;
      const { proposal_id, kind, result } = line["outcome"] as Outcome;
      const known = outcomes.get(proposal_id) ?? new Set();
      outcomes.set(proposal_id, known.add(`${kind} ${result ?? ""}`));
    }
  }
  const apart = [...outcomes].find(([, results]) => results.size > 1);
  if (apart === undefined) return undefined;
  const [proposalId, results] = apart;
  return {
    weakness: "W2",
    what: `proposal ${proposalId} came out differently: ${[...results].join(", ")}`,
    packet: `the votes on ${proposalId}`,
  };
}

interface Outcome {
  readonly kind: string;
  readonly proposal_id: number;
  readonly result?: boolean;
}
