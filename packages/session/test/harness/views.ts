import { bytesToHex, type MemberId } from "@demls/wire/core";
import type { Proposal } from "@demls/wire";
import type { ConversationEvent, ConversationSnapshot } from "../../src/index.js";
import type { HeldCandidate } from "../../src/model/commit.js";
import type { StepResult } from "../../src/step/index.js";
import type { TracedDecision } from "../../src/trace/index.js";
import { snapshotOf } from "../../src/view/snapshot.js";
import type { Member, World } from "./world.js";

/** Events of one step, in order. */
export function stepEvents({ effects }: StepResult): readonly ConversationEvent[] {
  return effects.flatMap((effect) => (effect.kind === "event" ? [effect.event] : []));
}

/** All events of one kind of a member or user, in order. */
export function eventsOf<Event extends ConversationEvent, Kind extends ConversationEvent["kind"]>(
  { events }: { readonly events: readonly Event[] },
  kind: Kind,
): Extract<Event, { kind: Kind }>[] {
  return events.filter((event): event is Extract<Event, { kind: Kind }> => event.kind === kind);
}

/** MLS group id of a member's group, in hex. */
export function groupIdOf({ state }: Member): string {
  return state.group?.groupId ?? "";
}

/** MLS epoch of a member; -1 without a group. */
export function epochOf({ state }: Member): bigint {
  return state.group?.epoch ?? -1n;
}

/** Texts received by a member or user, in order. */
export function textsOf(reader: { readonly events: readonly ConversationEvent[] }): (string | undefined)[] {
  return eventsOf(reader, "message").map(({ text }) => text);
}

/** All decisions of one kind of a member. */
export function decisionsOf<Kind extends TracedDecision["kind"]>(
  { decisions }: Pick<Member, "decisions">,
  kind: Kind,
): Extract<TracedDecision, { kind: Kind }>[] {
  return decisions.filter((made): made is Extract<TracedDecision, { kind: Kind }> => made.kind === kind);
}

/** Snapshot of a member's conversation, like a user's `conversation.state`. */
export function snapshotAt(member: Member): ConversationSnapshot {
  const { plugins, id: self, name: display, appId, random, keyPackages } = member;
  const env = {
    plugins,
    self,
    display,
    appId,
    random,
    keyPackages,
    identityProof: undefined,
    nowMs: 0,
    nowWallMs: 0,
    nowSeconds: 0n,
  };
  return snapshotOf(member.state, env);
}

/** A proposal in a member's state. */
export function proposalAt({ plugins, state }: Member, proposalId: number): Proposal {
  const proposal = plugins.consensus.tally(state.votes.sessions, proposalId)?.proposal;
  if (proposal === undefined) throw new Error("The proposal is not remembered.");
  return proposal;
}

/** Result of a proposal on a member; `active` while it is open. */
export function resultAt({ plugins, state }: Member, proposalId: number): string | undefined {
  return plugins.consensus.tally(state.votes.sessions, proposalId)?.state;
}

/** Scores in a member's state. */
export function scoreOf(viewer: Member, of: Member): bigint | undefined {
  return viewer.plugins.scoring.scoreFor(viewer.state.scores.values, of.id);
}

/** Steward list in a member's state. */
export function stewardsOf({ plugins, state }: Member): readonly MemberId[] {
  return plugins.stewards.currentList(state.stewards.list)?.members ?? [];
}

/** The epoch steward, with all members eligible. */
export function epochStewardOf(world: World, viewer: Member): Member {
  const { plugins, state } = viewer;
  const id = plugins.stewards.epochSteward(state.stewards.list, state.group?.epoch ?? 0n, () => true);
  const steward = world.members.find((member) => member.id === id);
  if (steward === undefined) throw new Error("There is no epoch steward.");
  return steward;
}

/** Roles of the members of a settled conversation. A smaller conversation has fewer members than the types say. */
export interface Cast {
  /** The epoch steward. */
  readonly steward: Member;
  /** Another listed steward. */
  readonly backup: Member;
  /** All listed stewards, in join order. */
  readonly stewards: [Member, Member];
  /** Members not on the list, in join order. */
  readonly others: [Member, Member, Member];
}

export function castOf(world: World): Cast {
  const steward = epochStewardOf(world, world.members[0] as Member);
  const list = stewardsOf(steward);
  const stewards = world.members.filter(({ id }) => list.includes(id)) as Cast["stewards"];
  const others = world.members.filter(({ id }) => !list.includes(id)) as Cast["others"];
  const backup = stewards.find((member) => member !== steward) as Member;
  return { steward, backup, stewards, others };
}

/** The members of a {@link Cast} in one list: the epoch steward, the other listed steward, and those not on the list. */
export function rolesOf(world: World): [Member, Member, Member, Member, Member] {
  const { steward, backup, others } = castOf(world);
  return [steward, backup, ...others];
}

/** Candidates of `steward` that a member holds. */
export function candidatesBy({ state }: Member, { id }: Member): readonly HeldCandidate[] {
  return [...state.commit.candidates.values()].filter(({ steward }) => steward === id);
}

/** Whether these members share an epoch's keys. */
export function shareEpoch(members: readonly Member[]): boolean {
  const seen = new Set(members.map(({ state }) => state.group && bytesToHex(state.group.epochAuthenticator)));
  return seen.size === 1 && members.every(({ state }) => state.group !== undefined);
}
