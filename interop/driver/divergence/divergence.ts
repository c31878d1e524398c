import type { Member } from "../member.js";
import type { MixedNetwork } from "../mixed-network.js";
import { isIdle, sharedView, type PeerState } from "../peer-state.js";
import { droppedProposal } from "./dropped-proposal.js";
import { duplicateInvitation } from "./duplicate-invitation.js";
import type { KnownCause } from "./known-cause.js";
import { splitDecision } from "./split-decision.js";

/** Error for members that did not agree in time. */
export class Divergence extends Error {
  /** Absent if this implementation may be at fault. */
  readonly known: KnownCause | undefined;

  constructor(message: string, known: KnownCause | undefined) {
    super(known === undefined ? message : `${message}\n  ${known.weakness}: ${known.what} (${known.packet})`);
    this.known = known;
  }
}

/** A member with its state, which is `undefined` outside the conversation. */
interface MemberState {
  readonly member: Member;
  readonly state: PeerState | undefined;
}

/** Creates the error for `members` that do not agree, with its known cause if any. */
export async function divergenceOf(
  network: MixedNetwork,
  members: readonly Member[],
  what: string,
): Promise<Divergence> {
  const states = await Promise.all(
    members.map(async (member) => ({ member, state: await network.state(member) })),
  );
  const lines = states.map(({ member, state }) => `\n  ${member.name}: ${describe(state)}`);
  return new Divergence(`${what}: the members have parted.${lines.join("")}`, findCause(network, states));
}

function describe(state: PeerState | undefined): string {
  if (state === undefined) return "not in the conversation";
  const { state: phase, approved } = state;
  return `${phase}${isIdle(state) ? "" : ", not idle"}, approved ${approved.length}, ${sharedView(state)}`;
}

/**
 * The known weakness of de-mls 3.0.0 that has occurred since the members last agreed. There is none if the TypeScript
 * members differ among themselves, or if no member on 3.0.0 differs from them.
 */
function findCause(network: MixedNetwork, states: readonly MemberState[]): KnownCause | undefined {
  const views = new Set(
    states.filter(({ member }) => member.kind === "ts").map(({ state }) => state && sharedView(state)),
  );
  if (views.size > 1) return undefined;
  const [ours] = views;
  const apart = states.filter(
    ({ member, state }) =>
      member.kind === "rust" && (state === undefined || sharedView(state) !== ours || !isIdle(state)),
  );
  const suspects = new Set(apart.map(({ member }) => member));
  return (
    droppedProposal(network, suspects) ?? duplicateInvitation(network) ?? splitDecision(network, suspects)
  );
}
