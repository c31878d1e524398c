import type { Proposal } from "@demls/wire";
import type { CompatibilityMode, InboundOutcome } from "../../src/index.js";
import { signedVote } from "./forgery.js";
import { fork, garden, receive, sealed, type Member, type World, type WorldOptions } from "./stepwise.js";

/** Both modes, to run the same test in each. */
export const MODES: readonly CompatibilityMode[] = ["de-mls-3", "strict"];

/** A settled conversation of the same members in each mode, a fresh copy with every call. */
export async function gardenInEachMode(
  names: readonly string[],
  options: WorldOptions = {},
): Promise<(mode: CompatibilityMode) => Promise<{ readonly world: World; readonly members: Member[] }>> {
  const settled = {
    "de-mls-3": await garden(names, options),
    strict: await garden(names, { ...options, mode: "strict" }),
  };
  return (mode) => fork(settled[mode].world);
}

/** A proposal as a member holds it. */
export function proposalAt({ plugins, state }: Member, proposalId: number): Proposal {
  const proposal = plugins.consensus.tally(state.consensus, proposalId)?.proposal;
  if (proposal === undefined) throw new Error("The proposal is not remembered.");
  return proposal;
}

/** What a member has come to about a proposal; `active` while it counts votes. */
export function resultAt({ plugins, state }: Member, proposalId: number): string | undefined {
  return plugins.consensus.tally(state.consensus, proposalId)?.state;
}

/** Hands one member another's vote, whatever that other's own session thinks of it. */
export async function castAt(
  world: World,
  to: Member,
  from: Member,
  proposal: Proposal,
  choice: boolean,
): Promise<InboundOutcome> {
  const vote = await signedVote(world, from.signer, proposal, choice);
  return receive(world, to, await sealed(from, { kind: "vote", vote }));
}
