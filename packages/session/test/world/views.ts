import { bytesToHex, type MemberId } from "@demls/wire/core";
import type { ConversationEvent, StepResult, TracedDecision } from "../../src/index.js";
import type { Member, World } from "./world.js";

/** The events of one step, in order. */
export function eventsOf({ effects }: StepResult): readonly ConversationEvent[] {
  return effects.flatMap((effect) => (effect.kind === "event" ? [effect.event] : []));
}

/** All events of one kind that a member has emitted. */
export function eventsOfKind<Kind extends ConversationEvent["kind"]>(
  { events }: Pick<Member, "events">,
  kind: Kind,
): Extract<ConversationEvent, { kind: Kind }>[] {
  return events.filter((event): event is Extract<ConversationEvent, { kind: Kind }> => event.kind === kind);
}

/** All decisions of one kind that a member has made. */
export function decisionsOfKind<Kind extends TracedDecision["kind"]>(
  { decisions }: Pick<Member, "decisions">,
  kind: Kind,
): Extract<TracedDecision, { kind: Kind }>[] {
  return decisions.filter((made): made is Extract<TracedDecision, { kind: Kind }> => made.kind === kind);
}

/** A member's view of who scores what. */
export function scoreOf(viewer: Member, of: Member): bigint | undefined {
  return viewer.plugins.scoring.scoreFor(viewer.state.scores, of.id);
}

/** The steward list as a member holds it. */
export function stewardsOf({ plugins, state }: Member): readonly MemberId[] {
  return plugins.stewards.currentList(state.stewards)?.members ?? [];
}

/** The member whose turn it is, all members being eligible. */
export function epochStewardOf(world: World, viewer: Member): Member {
  const { plugins, state } = viewer;
  const id = plugins.stewards.epochSteward(state.stewards, state.group?.epoch ?? 0n, () => true);
  const steward = world.members.find((member) => member.id === id);
  if (steward === undefined) throw new Error("There is no epoch steward.");
  return steward;
}

/** The parts that five members play: the one whose turn it is, the other listed one, and three that are on no list. */
export function castOf(world: World): {
  readonly steward: Member;
  readonly backup: Member;
  readonly others: [Member, Member, Member];
} {
  const steward = epochStewardOf(world, world.members[0] as Member);
  const list = stewardsOf(steward);
  const backup = world.members.find((member) => list.includes(member.id) && member !== steward) as Member;
  const others = world.members.filter(({ id }) => !list.includes(id)) as [Member, Member, Member];
  return { steward, backup, others };
}

/** Whether these members share an epoch's keys. */
export function agree(members: readonly Member[]): boolean {
  const seen = new Set(members.map(({ state }) => state.group && bytesToHex(state.group.epochAuthenticator)));
  return seen.size === 1 && !seen.has(undefined);
}
